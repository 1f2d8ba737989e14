// Calls the operators' API with openid-client. Settings: ISSUER, ADMIN_ORIGIN, CLIENT_ID, KEY_FILE (PKCS#8), KID.
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { importPKCS8 } from 'jose'
import * as oidc from 'openid-client'

const { ISSUER, ADMIN_ORIGIN, CLIENT_ID, KEY_FILE, KID } = process.env
const key = await importPKCS8(await readFile(KEY_FILE, 'utf8'), 'RS256')
const authentication = oidc.PrivateKeyJwt(
  { key, kid: KID },
  {
    // The issuer is the only audience of a client assertion.
    [oidc.modifyAssertion](_header, payload) {
      payload.aud = ISSUER
    },
  },
)
const platform = await oidc.discovery(new URL(ISSUER), CLIENT_ID, undefined, authentication, {
  // For development only: in production the platform uses https.
  execute: ISSUER.startsWith('http:') ? [oidc.allowInsecureRequests] : [],
})

// The token is bound to this key (RFC 9449) and valid for ten minutes.
const DPoP = oidc.getDPoPHandle(platform, await oidc.randomDPoPKeyPair('ES256'))
const wanted = { resource: ADMIN_ORIGIN, scope: 'admin:stats:read admin:accounts:write' }
const { access_token: token } = await oidc.clientCredentialsGrant(platform, wanted, { DPoP })

async function call(method, path, body, headers = {}) {
  const response = await oidc.fetchProtectedResource(
    platform,
    token,
    new URL(`${ADMIN_ORIGIN}/api/admin/v1${path}`),
    method,
    body && JSON.stringify(body),
    new Headers({ ...(body && { 'content-type': 'application/json' }), ...headers }),
    { DPoP },
  )
  const text = await response.text()
  return { status: response.status, body: text ? JSON.parse(text) : undefined }
}

console.log(JSON.stringify(await call('GET', '/stats?by=day')))

// A repetition with the same key is answered alike and does nothing again.
const unlock = () =>
  call('POST', `/accounts/${randomUUID()}/unlock`, { reason: '工单 1188' }, { 'idempotency-key': randomUUID() })
console.log(JSON.stringify(await unlock()))
