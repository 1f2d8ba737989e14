import { BadEnvironment } from '../../../../config/environment/bad-environment.ts'
import { reserveAll } from '../reservations/reserve-all.ts'
import { DuplicateAccounts } from '../reservations/reserve-existing.ts'
import type { Migration } from './migration.ts'

/**
 * Reserves the usernames and documents of all accounts (decision 0257). The unique indexes of `accounts` stay for the
 * version before: `dropUniqueIndexes` removes them once no process of it runs.
 */
export const accountReservations: Migration = {
  name: '0002-account-reservations',
  async up(connection) {
    try {
      await reserveAll(connection)
    } catch (error) {
      if (!(error instanceof DuplicateAccounts)) throw error
      throw new BadEnvironment(
        error.message.split('\n').map((line) => `MONGODB_URI: ${line}: remove one of them`),
      )
    }
  },
}
