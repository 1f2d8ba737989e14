import { createHash } from 'node:crypto'
import { decodeJwt } from 'jose'
import type { Adapter, AdapterPayload, OIDCContext, Provider } from 'oidc-provider'

type Token = {
  format: string
  readonly adapter: Adapter
  getValueAndPayload(): Promise<{ readonly value: string; readonly payload?: AdapterPayload }>
}

/**
 * A JWT for a resource server (RFC 9068) can be asked about and taken back like any other token (RFC 7662, RFC 7009), and
 * ends with its grant and its sign-in for whoever asks. oidc-provider keeps none and refuses them there; so each is
 * kept beside, by a digest of its whole, which is what is looked for.
 */
export function rememberJwts(provider: Provider): void {
  const models = [provider.AccessToken, provider.ClientCredentials]
  for (const { prototype } of models as unknown as readonly { readonly prototype: Token }[]) {
    const { getValueAndPayload } = prototype
    prototype.getValueAndPayload = async function (this: Token) {
      const issued = await getValueAndPayload.call(this)
      if (issued.payload) return issued
      const jti = nameOf(issued.value)
      const { iat = 0, exp = 0 } = decodeJwt(issued.value)
      this.format = 'opaque'
      const { payload } = await getValueAndPayload.call(this)
      this.format = 'jwt'
      await this.adapter.upsert(jti, { ...payload, iat, exp, jti }, exp - iat)
      return issued
    }
  }

  const context = provider.OIDCContext.prototype as OIDCContext
  const { entity } = context
  context.entity = function (this: OIDCContext, kind, value) {
    entity.call(this, kind, value)
    // Who asks is known: the last that is done before JWTs are refused.
    if (kind !== 'Client' || !takesTokens.has(this.route ?? '')) return
    const { token } = this.params ?? {}
    if (this.params && typeof token === 'string' && token.includes('.'))
      this.params['token'] = nameOf(token)
  }
}

const takesTokens = new Set(['introspection', 'revocation'])

const nameOf = (jwt: string): string => createHash('sha256').update(jwt).digest('base64url')
