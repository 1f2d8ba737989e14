import type { Migration } from './migration.ts'

/**
 * Changes no document. Processes of the version before take the reservation of an unproved account for a left-over and
 * remove it, so an import waits until none of them runs (decision 0282).
 */
export const unprovedAccounts: Migration = {
  name: '0003-unproved-accounts',
  up: async () => {},
}
