import type { Invitation } from '../../people/operator.ts'

export type FoundInvitation = Invitation & { readonly needsActivationCode: boolean }

/**
 * The one-time links by which operators set themselves up. Promises:
 * - a token is random, stored as a blind index, and good for `policy.operators.invitation`;
 * - an activation code is void after `policy.operators.activationTries` wrong tries, and the link with it.
 */
export interface Invitations {
  /** Returns the token, and with `withActivationCode` an activation code of eight digits. */
  issue(
    invitation: Invitation,
    options?: { readonly withActivationCode: boolean },
  ): Promise<{ readonly token: string; readonly activationCode?: string }>
  /** Undefined for an unknown, used, void or expired token. */
  find(token: string): Promise<FoundInvitation | undefined>
  /** Compares an activation code, and counts a wrong one. */
  checkActivationCode(token: string, typed: string): Promise<boolean>
  /** Makes the token invalid. */
  use(token: string): Promise<void>
}
