import { readSettings } from '../../config/environment/read-environment.ts'
import { policy as policyOf } from '../../config/limits-and-lifetimes.ts'
import { type MessageCode, messages } from '../../config/messages.ts'
import { casesMongo } from '../adapters/mongo/cases-mongo.ts'
import type { Case } from '../people/support-case.ts'
import type { Cases } from '../ports/cases.ts'
import { missingArgument, readArguments } from './arguments.ts'
import { BadUsage, defineCommand, Refused, storeSettings, withStores } from './operator-command.ts'

const usage = `npm run case -- NUMBER     (in the production image: node dist/src/cli/case.js NUMBER)

  what a person typed when a bank or a limit refused them last, masked, why it did, and how often
  they tried. NUMBER is the 受理编号 of the page, like 7K3M-9QXP; case, spaces and the hyphen don't
  matter.`

/** Shows support the case of a number that a person reads out. Every look-up is audited. */
export const caseCommand = defineCommand(usage, async (caller) => {
  const number = readNumber(caller.typed)
  const env = readSettings(caller.env, storeSettings)
  await withStores(env, caller, async ({ inMongo, report }) => {
    const cases = await casesMongo({ ...inMongo, policy: policyOf().cases })
    const lines = await findCase(number, cases)
    // The audit event comes first: if it cannot be stored, the case is not shown (decision 0061).
    await report([], { what: 'case-looked-up' })
    await report(lines)
  })
})

/** Throws `BadUsage`. */
function readNumber(typed: readonly string[]): string {
  const { positionals } = readArguments(typed, {})
  const number = positionals.join('').replace(/\s/g, '') || missingArgument('NUMBER')
  if (!/^[\w-]{8,20}$/.test(number)) throw new BadUsage('NUMBER: must be like 7K3M-9QXP')
  return number
}

/** The facts that support may see, one for each line. Throws `Refused`. */
async function findCase(number: string, cases: Cases): Promise<readonly string[]> {
  const found = await cases.find(number)
  if (!found) throw new Refused('case: there is none of this number, or it is too old')
  const { at, tries, finding, name, idType, idCountry, idNumber, bank, account, phone } = found
  const facts: readonly (readonly [string, ...(string | undefined)[]])[] = [
    ['at', new Date(at).toISOString()],
    ['tries', String(tries)],
    ['finding', `${finding}${meaningOf(finding)}`],
    ['name', name],
    ['document', idType, idCountry, idNumber],
    ['card', bank, account],
    ['phone', phone],
  ]
  return facts
    .map(([name, ...values]) => [name, values.filter(Boolean).join(' ')] as const)
    .filter(([, value]) => value)
    .map(([name, value]) => `${name}:`.padEnd(10) + value)
}

/** The meaning of a finding; for a limit, the sentence that the person read. */
function meaningOf(finding: Case['finding']): string {
  const meaning =
    meanings.get(finding) ?? (isMessage(finding) ? firstSentence(messages[finding].en) : undefined)
  return meaning ? `: ${meaning}` : ''
}

const firstSentence = (words: string) => words.split(/(?<=\.) /)[0]

const isMessage = (code: string): code is MessageCode => code in messages

/** The person saw one sentence for all of these; support learns the difference. */
const meanings: ReadonlyMap<Case['finding'], string> = new Map([
  ['mismatch', 'the bank holds something else of name, document or phone for this card'],
  ['no_record', 'the bank knows no such card'],
  ['card_unusable', 'lost, expired, dormant or restricted: the holder has to go to the bank'],
  [
    'other_name',
    'the bank confirmed the person; the account of this document has another name: check the document by hand',
  ],
  ['no_account', 'the bank confirmed the person; the account that they meant is not theirs'],
])
