import { atCounter, byBank } from '../../config/claims/verified-claims.ts'
import type { Account, AccountChange } from './account.ts'

/** The kinds of credentials that clients learn about (CAEP 1.0, 3.3.1). CAEP has no name for 密保问题. */
type Credential = 'password' | 'phone-sms' | 'security-questions'

/** Something that clients learn about an account (specification of the operators' side, section 12). */
export type AccountEvent =
  /** Without `sid`, every session of the person ended there. */
  | { readonly name: 'session-revoked'; readonly sid?: string }
  | { readonly name: 'credential-change'; readonly credential: Credential }
  | { readonly name: 'assurance-level-change'; readonly level: string; readonly before: string }
  | {
      readonly name:
        | 'account-disabled'
        | 'account-enabled'
        | 'account-purged'
        | 'recovery-activated'
    }

/** The events of a change, in the order in which clients get them. */
export function eventsOfChange(before: Account, change: AccountChange): readonly AccountEvent[] {
  const { frozenSince, passwordHash, proof, questions } = change
  const credential = (changed: unknown, name: Credential): readonly AccountEvent[] =>
    changed ? [{ name: 'credential-change', credential: name }] : []
  return [
    ...(change.recovery ? [{ name: 'recovery-activated' } as const] : []),
    ...credential(passwordHash, 'password'),
    ...credential(questions !== undefined, 'security-questions'),
    ...credential(proof && proof.phone !== before.phone, 'phone-sms'),
    ...(proof
      ? [
          {
            name: 'assurance-level-change',
            level: levelOf(proof),
            before: levelOf(before),
          } as const,
        ]
      : []),
    ...(frozenSince ? [{ name: 'account-disabled' } as const] : []),
    ...(frozenSince === null ? [{ name: 'account-enabled' } as const] : []),
  ]
}

const levelOf = ({ card }: { readonly card?: object | undefined }) =>
  card ? byBank.assuranceLevel : atCounter.assuranceLevel
