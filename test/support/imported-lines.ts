import { createHash, randomBytes } from 'node:crypto'
import type { SamplePerson } from './people.ts'

/** A hash of one round, so that making many takes no time. */
export function saltedHash(password: string, name = 'SSHA256', hash = 'sha256'): string {
  const salt = randomBytes(8)
  const digest = createHash(hash).update(password).update(salt).digest()
  return `{${name}}${Buffer.concat([digest, salt]).toString('base64')}`
}

/** The line of a person in a file that `npm run accounts` imports. */
export const importedLine = (
  person: SamplePerson,
  passwordHash = saltedHash(person.password),
): Readonly<Record<string, string>> => ({
  username: person.username,
  password_hash: passwordHash,
  name: person.name,
  id_type: person.idType,
  id_country: person.idCountry ?? '',
  id_number: person.idNumber,
  phone: person.phone,
  registered_at: '2016-10-10T08:00:00+08:00',
})

export const asNdjson = (lines: readonly object[]): string =>
  lines.map((line) => `${JSON.stringify(line)}\n`).join('')

/** With every value in quotation marks. */
export const asCsv = (lines: readonly Readonly<Record<string, string>>[]): string =>
  [Object.keys(lines[0] ?? {}), ...lines.map((line) => Object.values(line))]
    .map((values) => values.map((value) => `"${value.replaceAll('"', '""')}"`).join(','))
    .join('\n')
