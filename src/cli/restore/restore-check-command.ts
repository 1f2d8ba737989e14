import { readSettings } from '../../../config/environment/read-environment.ts'
import { storedAuditKeys } from '../../adapters/audit/audit-keys.ts'
import { eventDigests } from '../../adapters/audit/event-digests.ts'
import { auditVerification } from '../../adapters/audit/verify-audit.ts'
import { pepperOf } from '../../adapters/crypto/peppered-passwords.ts'
import { type CollectionCheck, checkRecords } from '../../adapters/mongo/data-keys/check-records.ts'
import { withRenewedPepper } from '../../adapters/mongo/data-keys/renewed-pepper.ts'
import { isSchemaCurrent } from '../../adapters/mongo/migrations/migrate-schema.ts'
import type { MongoStore } from '../../adapters/mongo/mongo-store.ts'
import { noMoreArguments, readArguments } from '../arguments.ts'
import { printedVerification } from '../audit/audit-verify.ts'
import {
  BadUsage,
  ChecksFailed,
  defineCommand,
  storeSettings,
  withDataKeys,
} from '../operator-command.ts'

const usage = `npm run restore-check -- [--sample N] [--head FILE]     (in the production image: node dist/src/cli/restore-check.js)

  Tries a restored copy of MongoDB with the keys of the settings: decrypts N random records of each collection (1000),
  verifies the chain of the audit, and prints a line for each thing that is missing. Exit status 1 then. It writes
  nothing. FILE is a log with heads of the audit, or a part of one: it shows which events the copy lacks`

/** Collections that no platform lacks after its first registration, and whose loss shows nowhere else. */
const neverEmpty = ['schema_migrations', 'key_check_values', 'accounts', 'audit', 'audit_heads']

/** `npm run restore-check`: lets an operator try a restored copy before people do. */
export const restoreCheckCommand = defineCommand(usage, async (caller) => {
  const { sample, head } = readOptions(caller.typed)
  const env = readSettings(caller.env, storeSettings)
  let problems = 0
  const print = { line: caller.out, problem }
  function problem(line: string): void {
    problems += 1
    caller.out(line)
  }
  await withDataKeys(env, caller, async (connection, { encryption, secretFor }) => {
    if (!(await isSchemaCurrent(connection)))
      print.line('schema: older than this version, whose start migrates it')
    for (const name of neverEmpty)
      if (!(await connection.collection(name).findOne())) problem(`${name}: missing or empty`)
    const pepper = pepperOf(env.PEPPER_KEYS, secretFor('pepper'), env.CRYPTO)
    // Each hash loses its pepper and gets it again, and what was decrypted is not encrypted again.
    const checking = withRenewedPepper({ ...encryption, encrypt: () => '' }, pepper)
    for await (const check of checkRecords(connection, checking, sample)) printCheck(check, print)
    await checkAudit({ connection, encryption, clock: Date.now }, head, print)
  })
  const result = problems ? `${problems} problems` : 'complete'
  caller.out(`result: ${result}`)
  if (problems) throw new ChecksFailed(`the copy is not complete: ${result}`)
})

/** Throws `BadUsage`. */
function readOptions(typed: readonly string[]) {
  const options = { sample: { type: 'string' }, head: { type: 'string' } } as const
  const { values, positionals } = readArguments(typed, options)
  noMoreArguments(positionals)
  const sample = Number(values.sample ?? 1000)
  if (!Number.isInteger(sample) || sample < 1)
    throw new BadUsage(`--sample ${values.sample}: must be a number of records`)
  return { sample, head: values.head }
}

/** Where lines go: those of problems are counted. */
type Print = Readonly<Record<'line' | 'problem', (line: string) => void>>

function printCheck({ name, records, tried, problems }: CollectionCheck, print: Print): void {
  print.line(`${name}: ${records} records, ${tried} tried`)
  for (const [what, count] of problems) print.problem(`${name}: ${count} records ${what}`)
}

async function checkAudit(store: MongoStore, head: string | undefined, print: Print) {
  // The check of signing_keys has reported keys that cannot be decrypted.
  const keys = await storedAuditKeys(store).catch(() => undefined)
  if (!keys) return print.problem('signing_keys: the keys of the audit are missing')
  const digests = eventDigests(keys.chain)
  const { verify } = auditVerification({ ...store, keys, digests })
  const { lines } = await printedVerification(verify, head, (line) =>
    print.problem(`audit: ${line}`),
  )
  for (const line of lines) print.line(`audit: ${line}`)
}
