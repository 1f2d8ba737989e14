import { idTypes } from '../../config/id-types.ts'
import { changePhoneOfAccount } from '../notices/change-phone.ts'
import { canBeNamed } from '../people/account.ts'
import { documentKey, documentOf } from '../people/fields/id-document.ts'
import { type Refusal, refuse } from '../people/refusal.ts'
import type { Visitor } from '../people/visitor.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Cases } from '../ports/cases.ts'
import type { AccountSessions } from '../ports/sso/account-sessions.ts'
import { type BankProofPorts, verifyBankCard } from '../proofs/verify-bank-card.ts'
import type { PhoneChangeBody } from './phone-change-body.ts'
import { type Problem, problemOfRefusal } from './problem.ts'

export type ChangePorts = BankProofPorts & {
  readonly accounts: Accounts
  readonly accountSessions: AccountSessions
  readonly cases: Cases
}

export type Changed = { readonly changedAt: string }

/** Who asks, by the id of their client, and the name of the act. */
export type By = { readonly clientId: string; readonly by: string }

/**
 * Changes the phone of whom the card belongs to, once the bank has confirmed holder, card and the new phone together.
 * Safe to repeat under the same `by`: nothing is asked, changed or told twice. Only an account that was proved by a
 * social-security card is looked at: the terminal has read one, and the statement says that its PIN was entered. For a
 * document that is no nation-wide identifier the name has to be the registered one (decision 0211).
 */
export async function changePhone(
  { holder, card, newPhone: { phone } }: PhoneChangeBody,
  { clientId, by }: By,
  visitor: Visitor,
  now: number,
  ports: ChangePorts,
): Promise<Changed | Problem> {
  const { accounts, accountSessions, audit } = ports
  const document = documentOf(holder)
  const find = async () => {
    const account = await accounts.findByDocument(document)
    const isProved = account?.card.kind === 'social-security'
    return isProved && canBeNamed(account, holder.name) ? account : undefined
  }
  const before = await find()
  if (!before) return noAccount
  let changedAt = before.card.provedAt
  let since = before.version
  if (before.changedBy !== by) {
    const claim = {
      ...card,
      name: holder.name,
      idType: idTypes[document.type],
      idNumber: document.number,
      phone,
    }
    const answer = await verifyBankCard(claim, documentKey(document), by, visitor, ports)
    if ('code' in answer) return problemOfRefusal(await filed(answer, ports))
    if (answer.proof.kind === 'debit')
      return problemOfRefusal(refuse('account', 'terminal.notSocialSecurity'))
    const proof = {
      name: holder.name,
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
    if (changed === 'stale')
      return { name: 'outage', detail: 'terminal.outage.detail', retryAfter: 1 }
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

/** Its case number goes with the problem, for support. */
async function filed(refusal: Refusal, { cases }: ChangePorts): Promise<Refusal> {
  if (!refusal.case) return refusal
  const caseNumber = await cases.file(refusal.case)
  return { ...refusal, params: { ...refusal.params, caseNumber } }
}

const noAccount: Problem = { name: 'no-account', detail: 'terminal.noAccount.detail' }
