/** A client that calls an interface of ours with an access token of its own (RFC 6749, 4.4). */
export type Caller = {
  readonly clientId: string
  readonly scopes: ReadonlySet<string>
  /** The payload of a JWS (RFC 7515) that one of the keys in the client's metadata signed. */
  verifiedPayload(jws: string): Promise<unknown>
}

/**
 * The clients that call our interfaces. Promises:
 * - a token is valid until it expires, is revoked, or its client is disabled; a token of a person, for another resource
 *   server, or bound to a key (RFC 9449) that the request did not prove is never valid;
 * - `verifiedPayload` is undefined unless the JWS contains JSON and is signed by a key of that client.
 */
export interface Callers {
  byToken(token: string): Promise<Caller | undefined>
}
