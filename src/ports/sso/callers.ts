/** A client that calls an interface of ours with an access token of its own (RFC 6749, 4.4). */
export type Caller = {
  readonly clientId: string
  readonly scopes: ReadonlySet<string>
  /** The payload of a JWS (RFC 7515) that one of the keys in the client's metadata signed. */
  verifiedPayload(jws: string): Promise<unknown>
}

/** An access token, with the scheme of the header that contained it. */
export type PresentedToken = { readonly scheme: 'Bearer' | 'DPoP'; readonly token: string }

/** The parts of a request that prove the possession of a key or of a certificate. */
export type TokenRequest = {
  readonly method: string
  /** The address without query, as the client knows it (RFC 9449, 4.2: `htu`). */
  readonly url: string
  /** The value of a header, or an empty text. */
  readonly header: (name: string) => string
  /** The addresses that the proxies name. */
  readonly ips: readonly string[]
}

/**
 * An interface of ours. `audience`: the resource that its tokens are for (RFC 8707); absent: it accepts tokens without a
 * resource. `onlyBound`: it accepts no token that is not bound to a key or a certificate.
 */
export type OwnResource = { readonly audience?: string; readonly onlyBound?: boolean }

/**
 * The clients that call our interfaces. Promises:
 * - a token is valid until it expires, is revoked, or its client is disabled; a token of a person is never valid;
 * - `byToken` accepts a token at the interface that it is for, and one that is bound to a key (RFC 9449, 7) or a certificate
 *   (RFC 8705, 3) only with its proof, which is accepted once;
 * - `verifiedPayload` is undefined unless the JWS contains JSON and is signed by a key of that client.
 */
export interface Callers {
  byToken(
    presented: PresentedToken,
    request: TokenRequest,
    resource: OwnResource,
  ): Promise<Caller | 'invalid_token' | 'invalid_dpop_proof'>
}
