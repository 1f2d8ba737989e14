/** The client that receives events. */
export type EventAudience = {
  /** The `sub` of an account at the client. */
  readonly subjectOf: (accountId: string) => string
  /** Whether its ID tokens have a `sid`. */
  readonly knowsSessions: boolean
}

/** The parts of the OpenID Provider that deliver events. */
export interface EventDelivery {
  /** Undefined if there is no such client, or it is disabled. */
  audienceOf(clientId: string): Promise<EventAudience | undefined>
  /** Signs a security event token (RFC 8417) with the platform's present key. */
  sign(claims: Readonly<Record<string, unknown>>): Promise<string>
  /** Posts a token to a receiver. Rejects if the receiver cannot be reached, or is inside our network. */
  post(address: string, token: string, authorization: string | undefined): Promise<Response>
}
