/** The `sub` of an account at a client. */
export type SubjectAt = (accountId: string) => string

/** The parts of the OpenID Provider that deliver events. */
export interface EventDelivery {
  /** The subjects at a client; undefined if there is no such client, or it is disabled. */
  subjectsAt(clientId: string): Promise<SubjectAt | undefined>
  /** Signs a security event token (RFC 8417) with the platform's present key. */
  sign(claims: Readonly<Record<string, unknown>>): Promise<string>
  /** Posts a token to a receiver. Rejects if the receiver cannot be reached, or is inside our network. */
  post(address: string, token: string, authorization: string | undefined): Promise<Response>
}
