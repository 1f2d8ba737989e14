import type { Account } from '../people/account.ts'
import { usernameKey } from '../people/fields/username.ts'

export type TriesCounter = readonly [name: string, subject: string]

/** Counts wrong passwords of unknown browsers by the typed username, whether it exists or not. */
export const triesForUsername = (username: string): TriesCounter => ['login', usernameKey(username)]

/**
 * Counts wrong passwords of a browser that has signed in to the account before. The counters of all browsers start anew
 * with the next version of the account, e.g. after a change of the password.
 */
export const triesOfRememberedDevice = (
  browser: string,
  { id, version }: Pick<Account, 'id' | 'version'>,
): TriesCounter => ['login.known', `${browser} ${id} ${version}`]
