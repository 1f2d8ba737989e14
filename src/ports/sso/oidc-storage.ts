import type { Adapter, AdapterPayload } from 'oidc-provider'

/**
 * What the provider has to remember (sessions, interactions, grants, codes, tokens), model by model. Promises beyond
 * oidc-provider's own adapter:
 * - ids stand in the stores only as keyed digests and payloads are sealed: a dump gives no token, code or personal word;
 * - `consume` succeeds once, also when requests race; later ones reject with `AlreadyUsed`;
 * - a ReplayDetection entry is stored once; a second `upsert` rejects with `AlreadyUsed`;
 * - `revokeByGrantId` leaves nothing of that model and grant that was stored before it;
 * - a session that `endSession` ended stays so: storing it again, as a request under way does, rejects with `Ended`;
 * - a Grant that `endGrants` ended is found no more, so that nothing given for it is good, and is remembered all the same.
 */
export interface OidcStorage {
  of(model: string): Adapter
  /** The payload of the latest grant of an account to a client, ended or not: what the person agreed to. */
  latestGrant(accountId: string, clientId: string): Promise<AdapterPayload | undefined>
  /**
   * The refresh token that takes the place of this one: always the same, and derived under a key, so that no store has
   * it in clear and every process gives the same one.
   */
  successorOf(refreshToken: string): string
  /**
   * Marks a refresh token as used and stores its successor, in one write. Repeating it changes nothing: neither the time
   * of the first use nor the successor.
   */
  rotate(refreshToken: string, successor: AdapterPayload, expiresIn: number): Promise<void>
  /** Gives a refresh token that is still there another end. */
  moveEnd(refreshToken: string, payload: AdapterPayload, expiresIn: number): Promise<void>
  sessionsOf(accountId: string): Promise<readonly AdapterPayload[]>
  /** By the session's `uid`. */
  endSession(accountId: string, uid: string): Promise<void>
  /** All grants of an account that are remembered, the oldest first. */
  grantsOf(accountId: string): Promise<readonly RememberedGrant[]>
  /** Ends these grants of an account, by their ids, and their refresh tokens. */
  endGrants(accountId: string, ids: readonly string[]): Promise<void>
  /** Ends and forgets the grants of an account to one client or to all, and their refresh tokens. */
  forgetGrants(accountId: string, clientId?: string): Promise<void>
}

export type RememberedGrant = { readonly payload: AdapterPayload; readonly ended: boolean }

/** A code, token or proof that is good for one use was used before. `grantId`: what it was given for. */
export class AlreadyUsed extends Error {
  override readonly name = 'AlreadyUsed'
  readonly grantId: string | undefined
  constructor(grantId?: string) {
    super('already used')
    this.grantId = grantId
  }
}

/** The session was ended while a request was using it. */
export class Ended extends Error {
  override readonly name = 'Ended'
  constructor() {
    super('ended')
  }
}
