import type { Locale } from '../../config/sentences.ts'
import type { SmsTemplate } from '../../config/sms-templates.ts'
import { notice } from '../notices/notice.ts'
import { phoneNotices } from '../notices/phone-notices.ts'
import { signOutSurely, versionSince } from '../notices/sign-out-task.ts'
import type { AccountChange, NewProof, Organisation } from '../people/account.ts'
import { documentKey } from '../people/fields/id-document.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Audit } from '../ports/audit.ts'
import type { Tries } from '../ports/limits.ts'
import type { SignIns } from '../ports/sso/sign-ins.ts'
import type { NewTask } from '../ports/tasks.ts'
import { strangersTries } from '../proofs/login-tries.ts'
import type { Visit } from '../web/flow/definition.ts'
import type { NewPassword } from './handler-password-step.ts'

export type HandOverPorts = {
  readonly accounts: Accounts
  readonly signIns: SignIns
  readonly tries: Tries
  readonly audit: Audit
}

/** What the last page says; `confirmed`: whether the legal representative has proved themself, now or before. */
export type HandedOver = { readonly username: string; readonly confirmed: boolean }

/** What the bank has confirmed and whoever it is has chosen. */
export type Handler = NewProof & Required<Pick<NewProof, 'document'>> & NewPassword

/**
 * Makes somebody the handler of a unit's account, all or nothing: their name, document, phone and card, a password that
 * the one before does not know, and no 密保问题 that they may know the answers to. Repeated by the same visit it changes
 * and tells nothing more.
 */
export function handOver(
  account: Organisation,
  { passwordHash, ...proof }: Handler,
  more: Pick<AccountChange, 'unit' | 'confirmedAt'>,
  { subject, now, visitor: { locale } }: Visit<unknown>,
  { accounts }: HandOverPorts,
): Promise<'changed' | 'stale'> {
  const change = { proof, passwordHash, questions: null, ...more }
  const notices = noticesOf(account, proof, locale)
  return accounts.change(account, change, subject, [...notices, signOutSurely(account, now)])
}

/** Who was displaced is told; whoever was the handler before and is again, what has changed for them. */
function noticesOf(
  { document, phone: before }: Organisation,
  { document: now, phone }: Omit<Handler, 'passwordHash'>,
  locale: Locale,
): readonly NewTask[] {
  const toBefore = (template: SmsTemplate) => [notice(template, before, locale)]
  if (documentKey(document) !== documentKey(now)) return toBefore('handler-changed')
  return before === phone ? toBefore('password-reset') : phoneNotices(before, phone, locale)
}

/** All that follows the change; safe to repeat. */
export async function finish(
  before: Organisation,
  detail: string,
  { subject, visitor: { address } }: Visit<unknown>,
  { accounts, signIns, tries, audit }: HandOverPorts,
): Promise<HandedOver> {
  const { id, username } = before
  await signIns.endAll(id, { since: versionSince(before, subject) })
  await tries.clear(...strangersTries(username))
  await audit.record({ what: 'handler-changed', accountId: id, address, detail })
  const account = await accounts.findById(id)
  const confirmed = account?.kind === 'organisation' && account.confirmedAt !== undefined
  return { username, confirmed }
}
