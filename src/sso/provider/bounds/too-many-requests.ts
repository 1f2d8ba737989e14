import { errors } from 'oidc-provider'

/** The visitor has reached a limit, and has to come back later (RFC 6585, 4). */
export class TooManyRequests extends errors.OIDCProviderError {
  override readonly allow_redirect = false

  /** @param ctx gets the header here, since oidc-provider's error handling sets none */
  constructor(
    ctx: { set(name: string, value: string): void } | undefined,
    retryAfter: number,
    description: string,
  ) {
    super(429, 'temporarily_unavailable')
    this.error_description = description
    ctx?.set('Retry-After', String(retryAfter))
  }
}
