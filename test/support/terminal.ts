import { createHash, randomUUID } from 'node:crypto'
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { terminalClient } from '../../sandbox/clients.mjs'
import { canonicalJson } from '../../src/web/api/canonical-json.ts'
import { type Description, openapiOperation } from './openapi-operation.ts'
import { documentTyped, type SamplePerson } from './people.ts'

export const terminalPath = '/api/terminal/v1/phone-changes'
type Json = Readonly<Record<string, unknown>>

/** A terminal that reads social-security cards, with its own key. */
export async function terminal(id = 'terminal-1', clock = Date.now) {
  const seconds = () => Math.floor(clock() / 1000)
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwk = { ...(await exportJWK(publicKey)), kid: `key of ${id}`, alg: 'ES256', use: 'sig' }
  const sign = (claims: Json, key: CryptoKey = privateKey) =>
    new SignJWT({ ...claims }).setProtectedHeader({ alg: 'ES256', kid: jwk.kid }).sign(key)
  return {
    id,
    sign,
    metadata: { ...terminalClient(jwk), client_id: id },
    /** Requests an access token (RFC 6749, 4.4), authenticated by the key (RFC 7523, 2.2). A header `DPoP` binds it. */
    async token(
      issuer: string,
      scope = 'terminal:phone-change',
      headers: Readonly<Record<string, string>> = {},
    ): Promise<string> {
      // oidc-provider uses the system time, not the test's clock.
      const now = Math.floor(Date.now() / 1000)
      const assertion = await sign({
        ...{ iss: id, sub: id, aud: issuer, jti: randomUUID(), exp: now + 60 },
      })
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers,
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: assertion,
          ...(scope && { scope }),
        }),
      })
      const answer = (await response.json()) as { access_token?: string }
      const { access_token: token } = answer
      if (!token) throw new Error(`no token: ${JSON.stringify(answer)}`)
      return token
    },
    /** The body of a request, with a signed statement about its content; `claims` override those of the statement. */
    async body(wanted: Json, issuer: string, claims: Json = {}, key?: CryptoKey): Promise<Json> {
      const sha256 = createHash('sha256').update(canonicalJson(wanted)).digest('hex')
      const usual = { iss: id, aud: issuer, jti: randomUUID(), iat: seconds(), pin: true, sha256 }
      return { ...wanted, statement: await sign({ ...usual, ...claims }, key) }
    },
  }
}

/** The request content for this person. */
export const wantedFor = (person: SamplePerson) => ({
  holder: { name: person.name, ...documentTyped(person) },
  card: { bank: person.bank, account: person.account },
  newPhone: `+86${person.phone}`,
})

/** The terminal API of an issuer. It throws when a response differs from the OpenAPI document. */
export async function terminalApi(issuer: string) {
  const document = (await (await fetch(`${issuer}/api/openapi.json`)).json()) as Description
  const operation = openapiOperation(document, terminalPath, 'post')

  async function post(body: unknown, headers: Readonly<Record<string, string>>) {
    const response = await fetch(issuer + terminalPath, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' || body instanceof Buffer ? body : JSON.stringify(body),
    })
    const answer = {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Readonly<Record<string, unknown>>,
    }
    const differences = operation.differences(answer)
    if (differences.length) throw new Error(`not as described: ${differences.join('; ')}`)
    return answer
  }

  return {
    document,
    operation,
    post,
    /** Sends a request with an access token and an idempotency key. */
    ask: (token: string, body: unknown, key: string = randomUUID()) =>
      post(body, { authorization: `Bearer ${token}`, 'idempotency-key': key }),
  }
}
