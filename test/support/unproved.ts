import { importAccounts } from '../../src/adapters/mongo/unproved/import-accounts.ts'
import { lineReader } from '../../src/cli/accounts/imported-line.ts'
import { dayInChina } from '../../src/people/fields/birthdate.ts'
import { importedLine } from './imported-lines.ts'
import type { SamplePerson } from './people.ts'
import type { TestPlatform } from './platform.ts'

/** Imports a line without the command. Returns the id of the unproved account. */
export async function importLine(
  { stores, encryption: { inMongo: encryption } }: Pick<TestPlatform, 'stores' | 'encryption'>,
  line: Readonly<Record<string, unknown>>,
): Promise<string> {
  const { idOf, prepare } = await importAccounts({ connection: stores.mongodb, encryption })
  const read = lineReader(['+86'], dayInChina(Date.now()), Date.now())(line, idOf)
  if (!('account' in read)) throw new Error(read.reason)
  const [outcome] = await prepare([read]).store(false)
  if (outcome !== 'imported') throw new Error(outcome)
  return read.account.id
}

export const importPerson = (
  platform: Pick<TestPlatform, 'stores' | 'encryption'>,
  person: SamplePerson,
): Promise<string> => importLine(platform, importedLine(person))
