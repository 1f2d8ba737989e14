import type { Policy } from '../../config/limits-and-lifetimes.ts'
import type { Account } from '../people/account.ts'
import { usernameKey } from '../people/fields/username.ts'
import { networkAround } from '../people/network.ts'
import type { Visitor } from '../people/visitor.ts'
import type { CountedBy, TriesCounter } from './counted-tries.ts'

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

/** Counts wrong passwords by the typed username, or for the account in a browser that it remembers. */
export const triesOfLogin = (
  username: string,
  account: Pick<Account, 'id' | 'version'> | undefined,
  { browser, isRemembered }: Visitor,
): TriesCounter =>
  account && isRemembered(account.id)
    ? triesOfRememberedDevice(browser, account)
    : triesForUsername(username)

/**
 * Counts wrong security answers of a browser, of a network and in all. A remembered device has a count of its own, which
 * nobody else can use up.
 */
export const triesOfQuestions = (
  accountId: string,
  { browser, address, isRemembered }: Visitor,
  { perBrowser, perNetwork, inAll }: Policy['questions'],
): readonly CountedBy[] => {
  const byBrowser = {
    counter: ['questions.browser', `${accountId} ${browser}`],
    rule: perBrowser,
  } as const
  if (isRemembered(accountId)) return [byBrowser]
  const network = `${accountId} ${networkAround(address)}`
  return [
    byBrowser,
    { counter: ['questions.network', network], rule: perNetwork },
    { counter: ['questions', accountId], rule: inAll },
  ]
}
