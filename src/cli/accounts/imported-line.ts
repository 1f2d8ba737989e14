import * as z from 'zod'
import type { PhoneRegion } from '../../../config/phone-regions.ts'
import { readHash } from '../../adapters/crypto/read-hash.ts'
import type { ImportedAccount } from '../../adapters/mongo/unproved/import-accounts.ts'
import {
  anyDocumentFields,
  anyDocumentOf,
  anyDocumentRules,
} from '../../people/fields/any-document.ts'
import { unifiedName } from '../../people/fields/person-name.ts'
import { phoneFields, phoneRules } from '../../people/fields/phone.ts'
import { unitNameField } from '../../people/fields/unit.ts'
import { username } from '../../people/fields/username.ts'
import { timeOfRegistration } from './time-of-registration.ts'

/** The columns of the file, by the names of the fields that check them. */
const columnOf = {
  username: 'username',
  passwordHash: 'password_hash',
  name: 'name',
  idType: 'id_type',
  idCountry: 'id_country',
  idNumber: 'id_number',
  phone: 'phone',
  registeredAt: 'registered_at',
} as const
export const columns = Object.values(columnOf)

/** A line that cannot be imported. The reason names the column and contains nothing of its value. */
export type BadLine = { readonly reason: string }

const unitName = unitNameField('unitName.missing')

/** Reads the values of a line as the pages of registration read them. `today` is an ISO date. */
export function lineReader(regions: readonly PhoneRegion[], today: string, now: number) {
  const fields = {
    username,
    passwordHash: z.string({ error: 'missing' }).trim().min(1, 'missing'),
    ...anyDocumentFields,
    ...phoneFields(regions),
    registeredAt: timeOfRegistration(now),
  }
  const rules = [...anyDocumentRules(today), ...phoneRules(regions)] as const
  const ofPerson = z.object({ ...fields, name: unifiedName }).check(...rules)
  const ofUnit = z.object({ ...fields, name: unitName }).check(...rules)

  return (
    values: Readonly<Record<string, unknown>>,
    idOf: (line: readonly unknown[]) => string,
  ): ImportedAccount | BadLine => {
    const typed = Object.fromEntries(
      Object.entries(columnOf).flatMap(([field, column]) => {
        const written = values[column]
        // A number of JSON, such as a phone, is read like its text.
        const value = typeof written === 'number' ? String(written) : written
        return value === '' || value === null || value === undefined ? [] : [[field, value]]
      }),
    )
    const read = (typed['idType'] === 'uscc' ? ofUnit : ofPerson).safeParse(typed)
    if (!read.success) return { reason: reasonOf(read.error.issues[0]) }
    const { passwordHash, name, phone, registeredAt } = read.data
    const hash = readHash(passwordHash)
    if (!hash) return { reason: 'password_hash is of no known kind' }
    if (hash.isTooCostly) return { reason: 'password_hash has parameters above the bounds' }
    const document = anyDocumentOf(read.data)
    const known = {
      username: read.data.username,
      passwordHash,
      name,
      document,
      phone,
      registeredAt,
    }
    const { type, number, ...country } = document
    const id = idOf([
      ...[known.username, passwordHash, name, type, number, phone, registeredAt],
      ...Object.values(country),
    ])
    return { account: { id, ...known }, cost: hash.cost }
  }
}

/** For example `id_number is not valid (idNumber.checksum)`. */
function reasonOf(issue: z.core.$ZodIssue | undefined): string {
  const field = String(issue?.path[0]) as keyof typeof columnOf
  const column = columnOf[field] ?? field
  const code = issue?.message ?? ''
  return code.endsWith('missing')
    ? `${column} is missing or unknown`
    : `${column} is not valid (${code})`
}
