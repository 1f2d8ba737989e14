import { generateKeyPairSync } from 'node:crypto'
import { Provider } from 'oidc-provider'
import { guardedFetch } from '../../src/sso/provider/guarded-fetch.ts'
import { guardedRequest } from '../../src/sso/provider/patches/guarded-requests.ts'
import { collectingGarbage } from './garbage.ts'

/**
 * Fetches a client's keys with the platform's guarded `fetch`, or pushes an event to the same address, and prints `asked` or
 * the reason for a refusal. It is a separate process because oidc-provider cannot set up the guard inside jest.
 * Usage: `node … keys|push ADDRESS [INTERNAL_HOST …]`.
 */
const [what, address = '', ...internal] = process.argv.slice(2)
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const provider = new Provider('https://issuer.invalid', {
  clients: [
    {
      client_id: 'keyed',
      token_endpoint_auth_method: 'private_key_jwt',
      redirect_uris: ['https://rp.test/callback'],
      jwks_uri: address,
    },
  ],
  cookies: { keys: ['of no use'] },
  features: { devInteractions: { enabled: false } },
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' }] },
  clientDefaults: { id_token_signed_response_alg: 'ES256' },
  fetch: guardedFetch(what === 'keys', internal),
})
const client = await provider.Client.find('keyed')
const { asymmetricKeyStore: keys } = client as unknown as {
  readonly asymmetricKeyStore: { refresh(): Promise<void> }
}
const stopCollecting = collectingGarbage()
try {
  if (what === 'keys') await keys.refresh()
  else await guardedRequest(provider, address, { method: 'POST', body: 'a token' })
  console.log('asked')
} catch (error) {
  const reason = ((error as Error).cause ?? error) as Error
  console.log(`refused: ${((reason.cause ?? reason) as Error).message}`)
} finally {
  stopCollecting()
}
