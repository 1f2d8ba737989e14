import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import { say } from '../../../config/messages.ts'
import type { Account } from '../../people/account.ts'
import { maskedIdNumber } from '../../people/fields/id-document.ts'
import { maskedName } from '../../people/fields/person-name.ts'
import { maskedPhone } from '../../people/fields/phone.ts'
import { provedAtOf } from '../../people/identity-proof.ts'
import type { Audit } from '../../ports/audit.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Tries } from '../../ports/limits.ts'
import type { AccountSessions } from '../../ports/sso/account-sessions.ts'
import { triesForUsername } from '../../proofs/tries-counters.ts'
import { maskedDocument } from '../../web/steps/document-options.ts'

export type AccountFactsPorts = {
  readonly accountSessions: Pick<AccountSessions, 'list' | 'authorisedClients'>
  readonly audit: Pick<Audit, 'find'>
  readonly clock: Clock
  readonly policy: Pick<Policy, 'closing'>
  readonly tries: Pick<Tries, 'wait'>
}

/** `unproved`: `unprovedFacts`. */
export const accountStates = ['normal', 'frozen', 'closing', 'login-rests', 'unproved'] as const

/** 状态, with the time at which it ends by itself. */
type AccountState =
  | { readonly name: 'normal' | 'frozen' }
  | { readonly name: 'closing' | 'login-rests'; readonly until: number }

/** The facts that an operator sees of an account, masked. Times are in ms since 1970. */
export async function accountFacts(account: Account, ports: AccountFactsPorts) {
  const { id, username, name, document, phone, card, registeredAt } = account
  const [state, sessions, clients, lastSignInAt] = await Promise.all([
    stateOf(account, ports),
    ports.accountSessions.list(id),
    ports.accountSessions.authorisedClients(id),
    lastSignIn(id, ports),
  ])
  return {
    ...{ id, username },
    name: maskedName(name),
    document: maskedDocument(document, 'zh-CN'),
    phone: maskedPhone(phone),
    card: card ? `${card.bank} ${card.masked}` : say('zh-CN', 'account.proved.counter'),
    ...(account.kind === 'organisation' && {
      unit: `${maskedName(account.unit.name)} ${maskedIdNumber(account.unit.code)}`,
    }),
    ...{ state, registeredAt, lastSignInAt },
    provedAt: provedAtOf(account),
    // No address: it is nothing that support has to know.
    sessions: sessions.map(({ device, signedInAt }) => ({ device, signedInAt })),
    clients: clients.map(({ name: known }) => known ?? say('zh-CN', 'account.system.gone')),
  }
}

/** The state that matters most. */
async function stateOf(
  { username, frozenSince, closingSince }: Account,
  { tries, clock, policy }: AccountFactsPorts,
): Promise<AccountState> {
  if (frozenSince) return { name: 'frozen' }
  if (closingSince)
    return { name: 'closing', until: closingSince + policy.closing.coolingOff * 1000 }
  const wait = await tries.wait(...triesForUsername(username))
  return wait > 0 ? { name: 'login-rests', until: clock() + wait * 1000 } : { name: 'normal' }
}

async function lastSignIn(account: string, { audit }: AccountFactsPorts) {
  const { events } = await audit.find({ account, what: 'signed-in', limit: 1 })
  return events[0]?.at
}
