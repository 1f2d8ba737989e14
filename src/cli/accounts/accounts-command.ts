import { access, constants } from 'node:fs/promises'
import { readSettings } from '../../../config/environment/read-environment.ts'
import type { PhoneRegion } from '../../../config/phone-regions.ts'
import { readersBefore } from '../../adapters/mongo/data-keys/key-readers.ts'
import { unprovedAccounts } from '../../adapters/mongo/migrations/0003-unproved-accounts.ts'
import {
  type ImportedAccount,
  importAccounts,
} from '../../adapters/mongo/unproved/import-accounts.ts'
import { dayInChina } from '../../people/fields/birthdate.ts'
import { missingArgument, noMoreArguments, readArguments } from '../arguments.ts'
import {
  BadUsage,
  type CommandStores,
  defineCommand,
  Refused,
  storeSettings,
  withStores,
} from '../operator-command.ts'
import { importFiles, type Progress } from './import-progress.ts'
import { type BadLine, lineReader } from './imported-line.ts'
import { type Line, readLines } from './read-lines.ts'

const usage = `npm run accounts -- import FILE [--dry-run] [--resume]     (in the production image: node dist/src/cli/accounts.js import …)

  Imports older registrations as 未实名: NDJSON, or CSV whose first line has the names, with the columns
  username, password_hash, name, id_type, id_country, id_number, phone, registered_at. A line that was
  imported before changes nothing. A username that is taken and a line with a bad value become lines of
  FILE.report.ndjson, and the exit status is 65. --dry-run only checks and reports. An interrupted import
  goes on with --resume`

/** Lines that are stored in one transaction. */
const batchSize = 1000

type Options = { readonly isDryRun: boolean; readonly isResumed: boolean }

/** `npm run accounts`: lets an operator import older registrations. */
export const accountsCommand = defineCommand(usage, async (caller) => {
  const { file, ...options } = readOptions(caller.typed)
  await access(file, constants.R_OK).catch(() => {
    throw new BadUsage(`${file}: cannot be read`)
  })
  const env = readSettings(caller.env, [...storeSettings, 'PHONE_REGIONS'])
  await withStores(env, caller, (stores) => importFile(file, options, env.PHONE_REGIONS, stores))
})

/** Throws `BadUsage`. */
function readOptions(typed: readonly string[]) {
  const { positionals, values } = readArguments(typed, {
    'dry-run': { type: 'boolean' },
    resume: { type: 'boolean' },
  })
  const [name = missingArgument('COMMAND'), file = missingArgument('FILE'), ...rest] = positionals
  noMoreArguments(rest)
  if (name !== 'import') throw new BadUsage(`${name}: no such command`)
  return { file, isDryRun: values['dry-run'] === true, isResumed: values.resume === true }
}

/** Reads and encrypts a batch while the one before is stored, so that both cores work and memory stays as it is. */
async function importFile(
  file: string,
  { isDryRun, isResumed }: Options,
  regions: readonly PhoneRegion[],
  { inMongo, report }: CommandStores,
): Promise<void> {
  const older = await readersBefore(inMongo.connection, unprovedAccounts.name)
  if (older) throw new Refused(`${older} processes run an older version: end them first`)
  const files = importFiles(file)
  const begun = await files.begin(isResumed, isDryRun)
  const { idOf, prepare } = await importAccounts(inMongo)
  const now = inMongo.clock()
  const read = lineReader(regions, dayInChina(now), now)
  let stored = Promise.resolve(begun)
  let skipped = 0

  async function storeBatch(lines: readonly Line[]): Promise<void> {
    const results = lines.map(({ values }) =>
      values ? read(values, idOf) : { reason: 'the line cannot be read' },
    )
    const batch = prepare(results.filter(isAccount))
    const before = await stored
    stored = batch.store(isDryRun).then((outcomes) => {
      const added = resultOf(lines, results, outcomes)
      return files.advance(sumOf(before, lines, added), added.reported, isDryRun)
    })
    // The next batch is read meanwhile; its turn throws what went wrong here.
    stored.catch(() => {})
  }

  let lines: Line[] = []
  for await (const line of readLines(file)) {
    skipped += 1
    if (skipped <= begun.read) continue
    lines.push(line)
    if (lines.length < batchSize) continue
    await storeBatch(lines)
    lines = []
  }
  if (lines.length) await storeBatch(lines)
  const { imported, known, refused } = await stored
  await files.finish()
  const done = isDryRun ? 'would be imported' : 'imported'
  await report(
    [`${imported} ${done}, ${known} known already, ${refused} refused`],
    isDryRun ? undefined : { what: 'accounts-imported' },
  )
  if (refused) throw new Refused(`refused lines: ${refused}, see ${files.reportFile}`)
}

const isAccount = (result: ImportedAccount | BadLine): result is ImportedAccount =>
  'account' in result

/** The counts of a batch, and the lines of its report in the order of the file. */
function resultOf(
  lines: readonly Line[],
  results: readonly (ImportedAccount | BadLine)[],
  outcomes: readonly string[],
) {
  const left = [...outcomes]
  const reasons = results.map((result) => {
    if (!isAccount(result)) return result.reason
    return left.shift() === 'username_taken' ? 'username is taken' : undefined
  })
  const count = (wanted: string) => outcomes.filter((outcome) => outcome === wanted).length
  return {
    imported: count('imported'),
    known: count('known'),
    reported: lines.flatMap(({ line }, index) => {
      const reason = reasons[index]
      return reason ? [{ line, reason }] : []
    }),
  }
}

const sumOf = (
  before: Progress,
  lines: readonly Line[],
  { imported, known, reported }: ReturnType<typeof resultOf>,
): Progress => ({
  ...before,
  read: before.read + lines.length,
  line: lines.at(-1)?.line ?? before.line,
  imported: before.imported + imported,
  known: before.known + known,
  refused: before.refused + reported.length,
})
