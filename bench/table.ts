import { type Measured, quantile, rate } from './load.ts'

export type Row = {
  readonly what: string
  readonly measured: Measured
  /** The number of seconds to which the rate refers; 1 by default. */
  readonly per?: number
  /** The measurement with which the number is compared. */
  readonly baseline?: Measured
}

const head = ['', 'number', 'p50 ms', 'p95 ms', 'baseline', 'ratio']

/** Prints a line for each row, then the processor time of an operation by process. */
export function printTable(rows: readonly Row[]): void {
  print([head, ...rows.map(numbers)])
  const names = [...new Set(rows.flatMap(({ measured }) => [...measured.work.keys()]))]
  console.log('\nProcessor ms for each')
  print([['', ...names], ...rows.map((row) => [row.what, ...names.map((name) => work(row, name))])])
}

function numbers({ what, measured, per = 1, baseline }: Row): readonly string[] {
  const compared = baseline
    ? [(rate(baseline) * per).toFixed(1), (rate(measured) / rate(baseline)).toFixed(2)]
    : ['–', '–']
  const times = [0.5, 0.95].map((share) => quantile(measured, share).toFixed(0))
  return [what, (rate(measured) * per).toFixed(1), ...times, ...compared]
}

const work = ({ measured }: Row, name: string) =>
  ((measured.work.get(name) ?? Number.NaN) / measured.operations).toFixed(1)

export function print(lines: readonly (readonly string[])[]): void {
  const line = ([what = '', ...cells]: readonly string[]) => {
    const columns = cells.map((cell, at) => cell.padStart(widest(lines, at + 1)))
    return [what.padEnd(widest(lines, 0)), ...columns].join('  ')
  }
  for (const cells of lines) console.log(line(cells))
}

const widest = (lines: readonly (readonly string[])[], column: number) =>
  Math.max(...lines.map((line) => line[column]?.length ?? 0))
