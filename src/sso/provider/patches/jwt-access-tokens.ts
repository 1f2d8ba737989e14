import { createHash } from 'node:crypto'
import { decodeJwt } from 'jose'
import type { Adapter, AdapterPayload, OIDCContext, Provider } from 'oidc-provider'
import { assertSeam } from '../assert-seam.ts'

type Token = {
  format: string
  readonly adapter: Adapter
  generateTokenId(): string
  getValueAndPayload(): Promise<{ readonly value: string; readonly payload?: AdapterPayload }>
}

/**
 * Patches: `getValueAndPayload` of AccessToken and ClientCredentials, and `entity` of OIDCContext.
 * Why: a JWT for a resource server (RFC 9068) can be introspected and revoked like any other token (RFC 7662, RFC 7009),
 * and ends with its grant and its session (decision 0112). oidc-provider stores no JWT and refuses them at both
 * endpoints. So each is stored under its SHA-256, and a request that names a JWT is looked up by that.
 * Shown by: test/sso/resource-servers.test.ts.
 * On an upgrade: look at lib/models/formats, lib/actions/introspection.js and lib/actions/revocation.js.
 */
export function storeJwtAccessTokens(provider: Provider): void {
  const models = [provider.AccessToken, provider.ClientCredentials]
  for (const model of models as unknown as readonly (new () => Token)[]) {
    const { getValueAndPayload } = model.prototype as Token
    assertFormats(model)
    model.prototype.getValueAndPayload = async function (this: Token) {
      const issued = await getValueAndPayload.call(this)
      if (issued.payload) return issued
      const jti = digestOf(issued.value)
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
  assertSeam(typeof entity === 'function', 'jwt-access-tokens', 'OIDCContext.entity is a method')
  context.entity = function (this: OIDCContext, kind, value) {
    entity.call(this, kind, value)
    // The client is set right before both endpoints refuse JWTs.
    if (kind !== 'Client' || !tokenEndpoints.has(this.route ?? '')) return
    const { token } = this.params ?? {}
    if (this.params && typeof token === 'string' && token.includes('.'))
      this.params['token'] = digestOf(token)
  }
}

function assertFormats(model: new () => Token): void {
  assertSeam(
    typeof model.prototype.getValueAndPayload === 'function',
    'jwt-access-tokens',
    `${model.name}.getValueAndPayload is a method`,
  )
  const token = new model()
  token.generateTokenId()
  const isOpaque = token.format === 'opaque'
  assertSeam(isOpaque, 'jwt-access-tokens', `${model.name}.format tells opaque tokens from JWTs`)
}

const tokenEndpoints = new Set(['introspection', 'revocation'])

const digestOf = (jwt: string): string => createHash('sha256').update(jwt).digest('base64url')
