import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose'
import { ownPort } from './own-port.ts'

export const push = 'urn:ietf:rfc:8935'
export const poll = 'urn:ietf:rfc:8936'
const schemas = 'https://schemas.openid.net/secevent/'
export const eventUri = {
  verification: `${schemas}ssf/event-type/verification`,
  sessionRevoked: `${schemas}caep/event-type/session-revoked`,
  credentialChange: `${schemas}caep/event-type/credential-change`,
  assuranceLevelChange: `${schemas}caep/event-type/assurance-level-change`,
  accountDisabled: `${schemas}risc/event-type/account-disabled`,
  accountEnabled: `${schemas}risc/event-type/account-enabled`,
  accountPurged: `${schemas}risc/event-type/account-purged`,
  recoveryActivated: `${schemas}risc/event-type/recovery-activated`,
} as const

/** The metadata of a client that receives events. */
export const receiverClient = (id: string, more: object = {}) => ({
  client_id: id,
  client_secret: 'a-secret-of-the-tests-and-of-nothing-else',
  client_name: `Receiver ${id}`,
  redirect_uris: ['http://localhost/callback'],
  grant_types: ['authorization_code', 'client_credentials'],
  scope: 'openid profile phone ssf.manage ssf.read',
  first_party: true,
  ...more,
})

type Answer = { readonly status: number; readonly body: Json; readonly headers: Headers }
// biome-ignore lint/suspicious/noExplicitAny: the answers are read as JSON of any form
type Json = any

/** A receiver at the platform, with an access token of its own. */
export async function eventReceiver(
  issuer: string,
  id: string,
  scope = 'ssf.manage ssf.read',
  secret = 'a-secret-of-the-tests-and-of-nothing-else',
) {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa(`${id}:${secret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
  })
  const { access_token: token } = (await response.json()) as { readonly access_token: string }
  const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`))

  async function ask(
    method: string,
    address: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = { Authorization: `Bearer ${token}` },
  ): Promise<Answer> {
    const answer = await fetch(new URL(address, issuer), {
      method,
      headers: { ...headers, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const said = await answer.text()
    return {
      status: answer.status,
      body: said ? JSON.parse(said) : undefined,
      headers: answer.headers,
    }
  }

  /** The claims of a token that the platform signed for this receiver. */
  async function verified(token: string): Promise<JWTPayload & Readonly<Record<string, Json>>> {
    const expected = { issuer, audience: id, typ: 'secevent+jwt', algorithms: ['RS256'] }
    return (await jwtVerify(token, keys, expected)).payload
  }

  return {
    token,
    ask,
    verified,
    async create(delivery: object = { method: poll }, more: object = {}): Promise<Json> {
      const { body, status } = await ask('POST', '/ssf/streams', { delivery, ...more })
      if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`)
      return body
    },
    /** Polls at once, and returns the claims of the events that wait; `acknowledged` are removed. */
    async polled(stream: Json, acknowledged: readonly string[] = []) {
      const { body } = await ask('POST', stream.delivery.endpoint_url, {
        returnImmediately: true,
        ack: acknowledged,
      })
      return Promise.all(Object.values<string>(body.sets).map(verified))
    },
  }
}

export type EventReceiver = Awaited<ReturnType<typeof eventReceiver>>

/** A push endpoint (RFC 8935) that keeps what it received. `answer` is its next and every further answer. */
export async function pushEndpoint() {
  const received: { readonly token: string; readonly headers: NodeJS.Dict<string | string[]> }[] =
    []
  let answer: { readonly status: number; readonly body?: object } = { status: 202 }
  let refused = 0
  const server = createServer(async (request, response) => {
    const token = await text(request)
    if (answer.status === 202) received.push({ token, headers: request.headers })
    else refused += 1
    response.writeHead(answer.status, { 'Content-Type': 'application/json' })
    response.end(answer.body && JSON.stringify(answer.body))
  })
  const port = await ownPort()
  const open = async () => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  await open()
  return {
    url: `http://127.0.0.1:${port}/events`,
    received,
    refusals: () => refused,
    answerWith(next: typeof answer) {
      answer = next
    },
    /** Between `close` and `open` nobody listens. */
    ...{ open, close },
  }
}
