/** A business system that calls us by itself, with an access token of its own (RFC 6749, 4.4). */
export type Caller = {
  readonly clientId: string
  readonly scopes: ReadonlySet<string>
  /** What it signed, when the signature of a JWS (RFC 7515) is by one of the keys in its metadata. */
  verifiedPayload(jws: string): Promise<unknown>
}

/**
 * Who calls. Promises:
 * - a token is good until it ends, is revoked, or its client is disabled; never one of a person, for another resource
 *   server, or bound to a key (RFC 9449) that the request did not show;
 * - `opened` is undefined for whatever is no JWS with JSON in it by that client's key.
 */
export interface Callers {
  byToken(token: string): Promise<Caller | undefined>
}
