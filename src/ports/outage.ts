/**
 * A store cannot serve a request now: it is unreachable, slow, full or read-only, or it lacks a primary or a majority.
 * The fields are those that Koa and oidc-provider read from an error. Therefore a page and an endpoint answer 503, an
 * OAuth endpoint with `temporarily_unavailable` (RFC 6749, 4.1.2.1).
 */
export class Outage extends Error {
  override readonly name = 'Outage'
  readonly status = 503
  readonly statusCode = 503
  readonly expose = true
  readonly error = 'temporarily_unavailable'
  readonly error_description = 'a store does not answer at the moment, please try again later'
  readonly allow_redirect = true

  constructor(cause: unknown) {
    // oidc-provider takes the message for the code.
    super('temporarily_unavailable', { cause })
  }
}

/** A service without which a process cannot start does not answer. `reason` is a line for the operator. */
export class ServiceUnreachable extends Outage {
  readonly reason: string
  constructor(reason: string) {
    super(new Error(reason))
    this.reason = reason
  }
}
