import type { Account } from '../people/account.ts'
import { usernameKey } from '../people/fields/username.ts'

export type TriesCounter = readonly [name: string, subject: string]

/** Wrong passwords of browsers that never signed in with the account: for the typed name, whether it exists or not. */
export const triesForUsername = (username: string): TriesCounter => ['login', usernameKey(username)]

/**
 * Wrong passwords of one browser that did. They are about the account as it stands: with its next change, a new
 * password say, they are forgotten, also those of browsers that are elsewhere.
 */
export const triesOfRememberedDevice = (
  browser: string,
  { id, version }: Pick<Account, 'id' | 'version'>,
): TriesCounter => ['login.known', `${browser} ${id} ${version}`]
