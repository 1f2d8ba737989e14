import { randomBytes } from 'node:crypto'
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose'
import { isSameSecret } from '../../src/web/http/same-secret.ts'
import type { SignedOut } from './logout-token.ts'

/** An event that the service has heard. `type` is the last part of its URI. */
export type HeardEvent = {
  readonly jti: string
  /** ms since 1970. */
  readonly at: number
  readonly type: string
  readonly credential?: string
  readonly subject: SignedOut
}

const push = 'urn:ietf:rfc:8935'
const mostRemembered = 50

/** Receives events from the platform (Shared Signals Framework 1.0) by push (RFC 8935), and remembers the latest in memory. */
export function eventReceiver({
  issuer,
  clientId,
  clientSecret,
  endpoint,
}: {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** The address that receives the pushes. */
  readonly endpoint: string
}) {
  // With the first event, since the service starts beside a platform whose ISSUER may be wrong.
  let keys: ReturnType<typeof createRemoteJWKSet> | undefined
  const authorization = `Bearer ${randomBytes(24).toString('base64url')}`
  const heard: HeardEvent[] = []
  let connected: Promise<void> | undefined

  /** Creates the stream; one of an earlier start gets this start's header. */
  async function connect(): Promise<void> {
    const { configuration_endpoint: address } = (await answered(
      `${new URL(issuer).origin}/.well-known/ssf-configuration${new URL(issuer).pathname.replace(/\/$/, '')}`,
    )) as { readonly configuration_endpoint: string }
    const { access_token: token } = (await answered(`${issuer}/token`, {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'ssf.manage' }),
    })) as { readonly access_token: string }
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
    const delivery = { method: push, endpoint_url: endpoint, authorization_header: authorization }
    const [stream] = (await answered(address, { headers })) as { readonly stream_id: string }[]
    const body = JSON.stringify({ delivery, ...(stream && { stream_id: stream.stream_id }) })
    await answered(address, { method: stream ? 'PUT' : 'POST', headers, body })
  }

  return {
    heard: heard as readonly HeardEvent[],

    /** Resolves when there is a stream. A failed attempt is repeated at the next call. */
    connected(): Promise<void> {
      connected ??= connect().catch((error: unknown) => {
        connected = undefined
        throw error
      })
      return connected
    },

    /** Throws for a token that is not the platform's, or for another receiver. Returns undefined if it came before. */
    async accept(header: string, token: string): Promise<HeardEvent | undefined> {
      if (!isSameSecret(authorization, header)) throw new BadEvent('authentication_failed')
      keys ??= createRemoteJWKSet(new URL(`${issuer}/jwks`))
      const { payload } = await jwtVerify(token, keys, {
        ...{ issuer, audience: clientId, typ: 'secevent+jwt', algorithms: ['RS256'] },
        requiredClaims: ['iat', 'jti', 'sub_id', 'events'],
      })
      const event = heardEvent(payload)
      if (heard.some(({ jti }) => jti === event.jti)) return undefined
      heard.unshift(event)
      heard.length = Math.min(heard.length, mostRemembered)
      return event
    },
  }
}

function heardEvent(payload: JWTPayload): HeardEvent {
  const { events, iat = 0, jti = '', sid, sub_id: subject } = payload
  const [[uri, claims] = ['', {}]] = Object.entries(events as Record<string, object>)
  const { sub } = subject as { readonly sub?: string }
  const { credential_type: credential } = claims as { readonly credential_type?: string }
  return {
    ...{ jti, at: iat * 1000, type: uri.split('/').at(-1) ?? '' },
    ...(credential && { credential }),
    subject: { ...(sub && { sub }), ...(typeof sid === 'string' && { sid }) },
  }
}

/** Whether the sessions of the subject end here too. */
export const endsSessions = ({ subject, type }: HeardEvent): boolean =>
  subject.sub !== undefined &&
  ['session-revoked', 'account-disabled', 'account-purged'].includes(type)

/** A pushed event that is refused; the message is an error code of RFC 8935 (7.1). */
export class BadEvent extends Error {
  override readonly name = 'BadEvent'
}

async function answered(address: string, init?: RequestInit): Promise<unknown> {
  const response = await fetch(address, { ...init, signal: AbortSignal.timeout(8000) })
  if (!response.ok) throw new Error(`status ${response.status}`)
  return response.json()
}
