import { Outage } from '../../ports/outage.ts'
import type { ShowError } from '../../web/http/error-responses.ts'
import type { CurrentProvider } from '../keys/current-provider.ts'
import { machineEndpointAt } from './endpoint-methods.ts'

/**
 * Answers clients in JSON (RFC 6749, 5.2) when something fails around oidc-provider's routes: reading the client, CORS,
 * the deadline of the request. The routes answer for themselves.
 */
export const oauthErrorsOr =
  (current: CurrentProvider, show: ShowError): ShowError =>
  (ctx, status, error) => {
    if (status < 500 || !machineEndpointAt(current(), ctx.path)) return show(ctx, status, error)
    ctx.status = status
    ctx.set('Cache-Control', 'no-store')
    ctx.body =
      error instanceof Outage
        ? { error: error.error, error_description: error.error_description }
        : { error: status === 503 ? 'temporarily_unavailable' : 'server_error' }
  }
