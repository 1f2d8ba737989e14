/** A browser that is signed in to an account. */
export type AccountSession = {
  /** Opaque; it stays the same as long as the session lasts. */
  readonly id: string
  /** Browser and system, e.g. `Chrome · Windows`; absent if unknown. */
  readonly device?: string
  /** The network address of the last use. */
  readonly address: string
  /** ms since 1970. */
  readonly signedInAt: number
  readonly usedAt: number
  /** Names of the clients that the session is signed in to. A removed client is listed if its grant kept the name. */
  readonly systems: readonly string[]
}

export type KeptSessions = {
  /** The id of a session that is kept. */
  readonly except?: string | undefined
  /**
   * Keeps sessions that were verified against this version of the account or a later one, since they know its present
   * password. Without it none is kept. It is a version and not a time, because clocks differ and `auth_time` has whole
   * seconds.
   */
  readonly since?: number | undefined
}

/** A client that was allowed to learn something about the person. */
export type AuthorisedClient = {
  readonly clientId: string
  /** Its present name, or the one at the time of the consent; absent if neither is known. */
  readonly name?: string
  /** Whether the client belongs to the bureau and is allowed by configuration. */
  readonly firstParty: boolean
  /** Names of claims, and `offline_access`. */
  readonly given: readonly string[]
  /** The resource servers that it may use in the person's name: their names, or addresses if they have none. */
  readonly resources: readonly string[]
  /** The time of the first consent, ms since 1970. */
  readonly since: number
}

/**
 * The sessions of accounts. Promises:
 * - what ends is refused from the next request on: session, authorization codes, access and refresh tokens;
 * - the clients concerned get a back-channel logout within 5 s, or as soon as they can be reached;
 * - consents are still remembered after `end` and `endAll`; `withdraw` forgets one.
 */
export interface AccountSessions {
  list(accountId: string): Promise<readonly AccountSession[]>
  /** Ends one session; false if the account has no such session. */
  end(accountId: string, id: string): Promise<boolean>
  /** Ends all sessions except those that `kept` names. */
  endAll(accountId: string, kept?: KeptSessions): Promise<void>
  /** All clients that were allowed to learn something, except the platform itself. */
  authorisedClients(accountId: string): Promise<readonly AuthorisedClient[]>
  /** 撤销授权: ends the grants, refresh tokens and access tokens of that client. */
  withdraw(accountId: string, clientId: string): Promise<void>
  /** Forgets all consents of an account whose sessions have ended. */
  forget(accountId: string): Promise<void>
}
