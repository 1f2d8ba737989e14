import { changePhoneOfAccount } from '../notices/change-phone.ts'
import { canBeNamed } from '../people/account.ts'
import { documentAtBank, documentCounterKey, documentOf } from '../people/fields/id-document.ts'
import { isFrozen } from '../people/frozen-account.ts'
import { provedAtOf } from '../people/identity-proof.ts'
import { type Refusal, refuse } from '../people/refusal.ts'
import type { Visitor } from '../people/visitor.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Cases } from '../ports/cases.ts'
import type { AccountSessions } from '../ports/sso/account-sessions.ts'
import { type BankProofPorts, verifyBankCard } from '../proofs/verify-bank-card.ts'
import type { PhoneChangeBody } from './phone-change-body.ts'
import { type Problem, problemOfRefusal } from './problem.ts'

export type CardPhoneChangePorts = BankProofPorts & {
  readonly accounts: Accounts
  readonly accountSessions: AccountSessions
  readonly cases: Cases
}

export type CardPhoneChanged = { readonly changedAt: string }

/** The client, and the name of its idempotent request. */
export type TerminalRequest = { readonly clientId: string; readonly by: string }

/**
 * Changes the phone of the card's holder, once the bank has confirmed holder, card and new phone together. A repeated
 * request with the same `by` calls the bank, changes the account and sends notices once. Only an account proved by a
 * social-security card is eligible, because the terminal has read such a card and its PIN was entered. If the document
 * is no nation-wide identifier, the name has to be the registered one (decision 0211).
 */
export async function changePhoneByCard(
  { holder, card, newPhone: { phone } }: PhoneChangeBody,
  { clientId, by }: TerminalRequest,
  visitor: Visitor,
  now: number,
  ports: CardPhoneChangePorts,
): Promise<CardPhoneChanged | Problem> {
  const { accounts, accountSessions, audit } = ports
  const document = documentOf(holder)
  const find = async () => {
    const account = await accounts.findByDocument(document)
    const isProved = account?.card?.kind === 'social-security'
    return isProved && canBeNamed(account, holder.name) ? account : undefined
  }
  const before = await find()
  if (!before) return noAccount
  if (isFrozen(before)) return frozen
  let changedAt = provedAtOf(before)
  let since = before.version
  if (before.changedBy !== by) {
    const claim = { ...card, name: holder.name, ...documentAtBank(document), phone }
    const person = documentCounterKey(document)
    const answer = await verifyBankCard(claim, person, by, visitor, ports, before.id)
    if ('code' in answer) return problemOfRefusal(await withFiledCase(answer, ports))
    if (answer.proof.kind === 'debit')
      return problemOfRefusal(refuse('account', 'terminal.notSocialSecurity'))
    const proof = {
      name: holder.name,
      document,
      phone,
      card: { ...card, provedAt: now, kind: 'social-security' },
    } as const
    const changed = await changePhoneOfAccount(
      proof,
      find,
      { by, locale: visitor.locale, now },
      accounts,
    )
    if (changed === 'no_account' || changed === 'other_name') return noAccount
    if (changed === 'frozen') return frozen
    if (changed === 'stale' || changed === 'proof_used')
      return { name: 'outage', detail: 'api.outage.detail', retryAfter: 1 }
    changedAt = now
    since = changed.version + 1
  }
  await accountSessions.endAll(before.id, { since })
  await audit.record({
    what: 'phone-changed',
    accountId: before.id,
    clientId,
    address: visitor.address,
    detail: 'terminal',
  })
  return { changedAt: new Date(changedAt).toISOString() }
}

/** Files the case of a refusal and adds its number, by which support finds the case. */
async function withFiledCase(refusal: Refusal, { cases }: CardPhoneChangePorts): Promise<Refusal> {
  if (!refusal.case) return refusal
  const caseNumber = await cases.file(refusal.case)
  return { ...refusal, params: { ...refusal.params, caseNumber } }
}

const frozen: Problem = { name: 'account-frozen', detail: 'account.frozen' }
const noAccount: Problem = { name: 'no-account', detail: 'terminal.noAccount.detail' }
