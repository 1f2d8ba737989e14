import { absentFields } from './0001-absent-fields.ts'
import { accountReservations } from './0002-account-reservations.ts'
import { unprovedAccounts } from './0003-unproved-accounts.ts'
import type { Migration } from './migration.ts'

/** In the order in which they run. The last one is the version of the schema. */
export const allMigrations: readonly Migration[] = [
  absentFields,
  accountReservations,
  unprovedAccounts,
]

/** The version of the schema that this version of the platform writes. */
export const schemaVersion: string = unprovedAccounts.name
