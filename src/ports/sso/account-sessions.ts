/** One browser that is signed in. */
export type AccountSession = {
  /** Opaque; the same as long as the sign-in lasts. */
  readonly id: string
  /** In words, e.g. `Chrome · Windows`; absent when not recognised. */
  readonly device?: string
  /** The network address it was used from last. */
  readonly address: string
  /** ms since 1970. */
  readonly signedInAt: number
  readonly usedAt: number
  /** Names of the business systems it is signed in to; those that are gone and left no name are left out. */
  readonly systems: readonly string[]
}

export type KeptSessions = {
  /** The id of one. */
  readonly except?: string | undefined
  /**
   * Sign-ins that were verified against this version of the account or a later one are kept: they know its present
   * password. Without it none is. A version and no time, since clocks differ and `auth_time` has whole seconds.
   */
  readonly since?: number | undefined
}

/** A business system that was allowed to know something. */
export type AuthorisedClient = {
  readonly clientId: string
  /** The present one, else the one that it had when it was allowed; absent where neither is known. */
  readonly name?: string
  /** The bureau's own: allowed by configuration. */
  readonly firstParty: boolean
  /** Names of claims, and `offline_access`. */
  readonly given: readonly string[]
  /** Resource servers whose services it may use in the person's name: their names, or addresses where they have none. */
  readonly resources: readonly string[]
  /** ms since 1970: the first time. */
  readonly since: number
}

/**
 * What accounts are signed in to. Promises:
 * - what ends is refused from the next request on: session, authorization codes, access and refresh tokens;
 * - the business systems concerned are told by back-channel logout within 5 s, or as soon as they are up again;
 * - consents stay remembered by `end` and `endAll`; `withdraw` forgets one.
 */
export interface AccountSessions {
  list(accountId: string): Promise<readonly AccountSession[]>
  /** Ends one; false when the account has no such sign-in. */
  end(accountId: string, id: string): Promise<boolean>
  /** Ends all but those that `kept` spares. */
  endAll(accountId: string, kept?: KeptSessions): Promise<void>
  /** The platform itself is none of them. */
  authorisedClients(accountId: string): Promise<readonly AuthorisedClient[]>
  /** 撤销授权: grants, refresh and access tokens of that system end. */
  withdraw(accountId: string, clientId: string): Promise<void>
  /** Of an account whose sign-ins have ended: nothing is remembered. */
  forget(accountId: string): Promise<void>
}
