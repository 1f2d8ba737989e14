import type { Locale } from '../../config/sentences.ts'
import type { SmsTemplate } from '../../config/sms-templates.ts'
import { phoneNotices } from '../notices/phone-notices.ts'
import { signOutTask, versionAfterChange } from '../notices/sign-out-task.ts'
import { smsNotice } from '../notices/sms-notice.ts'
import type { AccountChange, Organisation } from '../people/account.ts'
import { sameDocument } from '../people/fields/id-document.ts'
import type { CardProof } from '../people/identity-proof.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Audit } from '../ports/audit.ts'
import type { Tries } from '../ports/limits.ts'
import type { AccountSessions } from '../ports/sso/account-sessions.ts'
import type { NewTask } from '../ports/tasks.ts'
import { triesForUsername } from '../proofs/tries-counters.ts'
import type { Visit } from '../web/flow/flow-definition.ts'
import type { NewPasswordHash } from './handler-password-step.ts'

export type HandlerReplacementPorts = {
  readonly accounts: Accounts
  readonly accountSessions: AccountSessions
  readonly tries: Tries
  readonly audit: Audit
}

/** The data of the last page; `confirmed`: whether the legal representative has confirmed the account, now or before. */
export type HandlerReplaced = { readonly username: string; readonly confirmed: boolean }

/** The identity that the bank has confirmed, and the new password. */
export type NewHandler = CardProof & Required<Pick<CardProof, 'document'>> & NewPasswordHash

/**
 * Replaces the handler of a unit's account in one write: name, document, phone, card and password. It removes the
 * 密保问题, because the previous handler may know their answers. A second call for the same visit changes nothing.
 */
export function replaceHandler(
  account: Organisation,
  { passwordHash, ...proof }: NewHandler,
  furtherChange: Pick<AccountChange, 'unit' | 'confirmedAt'>,
  { subject, now, visitor: { locale } }: Visit<unknown>,
  { accounts }: HandlerReplacementPorts,
): ReturnType<Accounts['change']> {
  const change = { proof, passwordHash, questions: null, ...furtherChange }
  const notices = noticesOf(account, proof, locale)
  return accounts.change(account, change, subject, [...notices, signOutTask(account, now)])
}

/** Notifies the previous handler of the replacement; a handler who stays, of the changes to password and phone. */
function noticesOf(
  account: Organisation,
  { document: now, phone }: Omit<NewHandler, 'passwordHash'>,
  locale: Locale,
): readonly NewTask[] {
  const { id, document, phone: before } = account
  const toBefore = (template: SmsTemplate) => [smsNotice(template, before, locale, id)]
  if (!sameDocument(document, now)) return toBefore('handler-changed')
  return before === phone ? toBefore('password-reset') : phoneNotices(account, phone, locale)
}

/** Ends the account's sessions, clears its failed logins and records the event. Safe to repeat. */
export async function completeReplacement(
  before: Organisation,
  detail: string,
  { subject, visitor: { address } }: Visit<unknown>,
  { accounts, accountSessions, tries, audit }: HandlerReplacementPorts,
): Promise<HandlerReplaced> {
  const { id, username } = before
  await accountSessions.endAll(id, { since: versionAfterChange(before, subject) })
  await tries.clear(...triesForUsername(username))
  await audit.record({ what: 'handler-changed', accountId: id, address, detail })
  const account = await accounts.findById(id)
  const confirmed = account?.kind === 'organisation' && account.confirmedAt !== undefined
  return { username, confirmed }
}
