import { type Measured, quantile, rate } from './load.ts'

export type Row = {
  readonly name: string
  readonly platform: Measured
  /** The commands of one operation of the platform. */
  readonly commands: { readonly redis: number; readonly mongodb: number }
  /** oidc-provider alone on a Map; for logins and registrations, argon2 alone. */
  readonly map: Measured
  readonly redis: Measured | undefined
}

const head = [
  ...['', 'a second', 'p50 ms', 'p99 ms', 'platform ms', 'Redis ms', 'MongoDB ms'],
  ...['Redis', 'MongoDB', 'on a Map', 'ratio', 'ms', 'ratio', 'on Redis', 'ratio'],
]

/** The numbers of a row. Processor time and commands are those of one operation. */
function numbersOf({ platform, commands, map, redis }: Row) {
  const workOf = ({ work, operations }: Measured, name: string) =>
    (work.get(name) ?? Number.NaN) / operations
  const work = (name: string) => workOf(platform, name)
  const onMapMs = workOf(map, 'alone, Map')
  return {
    perSecond: rate(platform),
    ...{ p50: quantile(platform, 0.5), p99: quantile(platform, 0.99) },
    processorMs: { platform: work('platform'), redis: work('Redis'), mongodb: work('MongoDB') },
    commands,
    onMap: rate(map),
    ratioToMap: rate(platform) / rate(map),
    ...(redis && {
      ...{ onMapMs, processorRatio: onMapMs / work('platform') },
      ...{ onRedis: rate(redis), ratioToRedis: rate(platform) / rate(redis) },
    }),
  }
}

export const jsonOf = (rows: readonly Row[]) =>
  Object.fromEntries(rows.map((row) => [row.name, numbersOf(row)]))

export function printTable(rows: readonly Row[]): void {
  print([head, ...rows.map(cells)])
}

function cells(row: Row): readonly string[] {
  const { processorMs: ms, commands, ...numbers } = numbersOf(row)
  return [
    ...[row.name, numbers.perSecond.toFixed(0), numbers.p50.toFixed(1), numbers.p99.toFixed(1)],
    ...[ms.platform, ms.redis, ms.mongodb].map((time) => time.toFixed(2)),
    ...[commands.redis, commands.mongodb].map((count) => count.toFixed(1)),
    ...[numbers.onMap.toFixed(0), numbers.ratioToMap.toFixed(2)],
    ...[numbers.onMapMs, numbers.processorRatio].map((value) => value?.toFixed(2) ?? '–'),
    ...[numbers.onRedis?.toFixed(0) ?? '–', numbers.ratioToRedis?.toFixed(2) ?? '–'],
  ]
}

export function print(lines: readonly (readonly string[])[]): void {
  const line = ([what = '', ...cells]: readonly string[]) => {
    const columns = cells.map((cell, at) => cell.padStart(widest(lines, at + 1)))
    return [what.padEnd(widest(lines, 0)), ...columns].join('  ')
  }
  for (const cells of lines) console.log(line(cells))
}

const widest = (lines: readonly (readonly string[])[], column: number) =>
  Math.max(...lines.map((line) => line[column]?.length ?? 0))
