import type { Adapter, AdapterPayload } from 'oidc-provider'

/**
 * The records of the provider (sessions, interactions, grants, codes, tokens), by model. Promises beyond those of
 * oidc-provider's adapter:
 * - ids are stored as blind indexes only and payloads are encrypted: a dump reveals no token, code or personal data;
 * - `consume` succeeds once, even for concurrent requests; later ones reject with `AlreadyUsed`;
 * - a ReplayDetection entry is stored once; a second `upsert` rejects with `AlreadyUsed`;
 * - `revokeByGrantId` removes every record of that model and grant that was stored before the call;
 * - a session that `endSession` ended stays ended: a request that is still using it and stores it gets `SessionEnded`;
 * - a Grant that `endGrants` ended is not found any more, which invalidates its tokens, but `grantsOf` still lists it.
 */
export interface OidcStorage {
  adapterFor(model: string): Adapter
  /**
   * A new id for a record of this model, which tells the model, and to this storage alone where it has what a request
   * with the id needs. `source` is an id from which the record is issued, e.g. that of a code.
   */
  newId(
    model: HintedModel,
    random: string,
    of: {
      readonly accountId?: string | undefined
      readonly sessionId?: string | undefined
      readonly source?: string | undefined
    },
  ): string
  /** The model of an id, if the id tells it. No other model has a record with such an id. */
  modelOf(id: string): HintedModel | undefined
  /** Starts to read what the present request needs if it has this id. */
  prepare(id: string): void
  /** Removes a record of a short-lived model whose id nobody has learned. */
  discard(model: string, id: string): Promise<void>
  /**
   * The payload of the latest grant of an account to a client, ended or not, which tells what the person consented to.
   */
  latestGrant(accountId: string, clientId: string): Promise<AdapterPayload | undefined>
  /**
   * The successor of a refresh token. It is derived by a key, so that every process gives the same one and no store has
   * it in clear.
   */
  successorOf(refreshToken: string): string
  /**
   * Marks a refresh token as used and stores its successor, in one write. A repeated call changes neither the time of
   * the first use nor the successor.
   */
  rotate(refreshToken: string, successor: AdapterPayload, expiresIn: number): Promise<void>
  /** Changes the end of a refresh token that is still stored. */
  extend(refreshToken: string, payload: AdapterPayload, expiresIn: number): Promise<void>
  /** Keeps an interaction whose page was opened for so many seconds from now; an unopened one ends early. */
  keepInteraction(uid: string, seconds: number): Promise<void>
  sessionsOf(accountId: string): Promise<readonly AdapterPayload[]>
  /** Ends a session by its `uid`. */
  endSession(accountId: string, uid: string): Promise<void>
  /** All remembered grants of an account, the oldest first. */
  grantsOf(accountId: string): Promise<readonly GrantRecord[]>
  /** Ends grants of an account by their ids, and their refresh tokens. */
  endGrants(accountId: string, ids: readonly string[]): Promise<void>
  /** Ends and removes the grants of an account to one client or to all, and their refresh tokens. */
  forgetGrants(accountId: string, clientId?: string): Promise<void>
}

/** The models whose ids tell them. */
export type HintedModel =
  | 'AccessToken'
  | 'AuthorizationCode'
  | 'ClientCredentials'
  | 'RefreshToken'
  | 'Session'

export type GrantRecord = { readonly payload: AdapterPayload; readonly ended: boolean }

/** A code, token or proof for one use was used before. `grantId` is the grant that it belongs to. */
export class AlreadyUsed extends Error {
  override readonly name = 'AlreadyUsed'
  readonly grantId: string | undefined
  constructor(grantId?: string) {
    super('already used')
    this.grantId = grantId
  }
}

/** The session was ended while a request was using it. */
export class SessionEnded extends Error {
  override readonly name = 'Ended'
  constructor() {
    super('ended')
  }
}
