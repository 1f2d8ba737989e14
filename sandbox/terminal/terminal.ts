import { createHash, randomUUID } from 'node:crypto'
import { importJWK, type JWK, SignJWT } from 'jose'

/** The data of the card's holder and the new phone. */
export type Wanted = {
  readonly name: string
  /** The document type, as `居民身份证` or `resident_id`. */
  readonly idType: string
  /** ISO 3166-1 alpha-3, for a 护照. */
  readonly idCountry?: string | undefined
  readonly idNumber: string
  readonly bank: string
  readonly account: string
  readonly newPhone: string
}

/** A simulated 自助终端 with this client_id and private key. It states that card and PIN were read, but reads neither. */
export async function terminal(issuer: string, id: string, jwk: JWK) {
  const key = await importJWK(jwk, 'ES256')
  const sign = (claims: Readonly<Record<string, unknown>>) =>
    new SignJWT({ iss: id, aud: issuer, jti: randomUUID(), ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: String(jwk.kid) })
      .setIssuedAt()
      .sign(key)

  /** Requests a token by client credentials (RFC 6749, 4.4) and `private_key_jwt` (OpenID Connect Core, 9). */
  async function accessToken(): Promise<string> {
    const assertion = await sign({ sub: id, exp: Math.floor(Date.now() / 1000) + 60 })
    const response = await fetch(`${issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        scope: 'terminal:phone-change',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      }),
    })
    const answer = (await response.json()) as { readonly access_token?: string }
    if (!answer.access_token) throw new Error(`no token: ${JSON.stringify(answer)}`)
    return answer.access_token
  }

  return {
    /** Requests the change. A repetition with the same `idempotencyKey` gets the same answer. */
    async changePhone(wanted: Wanted, idempotencyKey: string = randomUUID()) {
      const { account, bank, idCountry, idNumber, idType, name, newPhone } = wanted
      // This is canonical JSON (RFC 8785), since the names are sorted and all values are strings.
      const holder = { ...(idCountry && { idCountry }), idNumber, idType, name }
      const content = { card: { account, bank }, holder, newPhone }
      const sha256 = createHash('sha256').update(JSON.stringify(content)).digest('hex')
      const statement = await sign({ pin: true, sha256 })
      const response = await fetch(`${issuer}/api/terminal/v1/phone-changes`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await accessToken()}`,
          'content-type': 'application/json',
          'idempotency-key': idempotencyKey,
        },
        body: JSON.stringify({ ...content, statement }),
      })
      return { status: response.status, body: (await response.json()) as object }
    },
  }
}
