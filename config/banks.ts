import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import * as z from 'zod'
import { BadEnvironment } from './environment/bad-environment.ts'

/** The name of a bank (银行). The list of banks is data (config/banks.yaml), so the type is only a string. */
export type BankName = string

/** A bank with the prefixes of its cards; the longest matching prefix decides. 深圳金融社保卡 are debit cards too. */
export type Bank = {
  readonly name: BankName
  /** The name on English pages. */
  readonly english?: string | undefined
  readonly debit: readonly string[]
  readonly socialSecurity: readonly string[]
  readonly credit: readonly string[]
}

/** The banks in the order of the select. */
export type Banks = readonly Bank[]

const listed = new URL('./banks.yaml', import.meta.url)
/** Accepts `621700 622700`, `[621700, 622700]`, and a single prefix. */
const prefixes = z
  .union([z.array(z.coerce.string()), z.coerce.string().transform((text) => text.split(/\s+/))])
  .pipe(z.array(z.string().regex(/^\d{3,12}$/, 'must be a prefix of 3 to 12 digits')))
  .default([])
const shape = z
  .array(
    z.strictObject({
      name: z.string().regex(/^\S+$/, 'must be the name, without spaces'),
      english: z.string().min(1).optional(),
      debit: prefixes,
      socialSecurity: prefixes,
      credit: prefixes,
    }),
  )
  .min(1, 'must name a bank')

/** Reads the banks (YAML or JSON) at start. Throws `BadEnvironment` with one line for each problem: `bank: problem`. */
export function readBanks(file: string | URL = listed): Banks {
  return parseBanks(contentOf(file))
}

function contentOf(file: string | URL): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new BadEnvironment([`BANKS_FILE: can't be read (${file})`])
  }
}

export function parseBanks(text: string): Banks {
  const entries = parsedYaml(text)
  const nameOf = (at: unknown): string => entries?.[Number(at)]?.name ?? `entry ${Number(at) + 1}`
  const parsed = shape.safeParse(entries)
  const problems = parsed.success
    ? doubles(parsed.data)
    : parsed.error.issues.map(({ path: [at, ...rest], message }) =>
        at === undefined ? `banks: ${message}` : [nameOf(at), ...rest, message].join(': '),
      )
  if (!parsed.success || problems.length) throw new BadEnvironment(problems)
  return parsed.data
}

function parsedYaml(text: string) {
  try {
    return parse(text)
  } catch (cause) {
    throw new BadEnvironment([
      `banks: is no YAML (${cause instanceof Error ? cause.message : cause})`,
    ])
  }
}

/** Finds duplicate names and prefixes: the bank of a card must not depend on the order of the list. */
function doubles(banks: Banks): string[] {
  const owners = new Map<string, string>()
  return banks.flatMap(({ name, debit, socialSecurity, credit }) =>
    [name, ...debit, ...socialSecurity, ...credit].flatMap((word) => {
      const owner = owners.get(word)
      owners.set(word, name)
      return owner ? [`${name}: ${word} stands at ${owner} already`] : []
    }),
  )
}
