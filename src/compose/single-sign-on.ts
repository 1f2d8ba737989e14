import { readClients } from '../sso/clients/client-files.ts'
import { ownClients } from '../sso/clients/own-file-clients.ts'
import { followKeys } from '../sso/keys/current-provider.ts'
import { certificateHeaders } from '../sso/provider/features/mutual-tls.ts'
import { registrationOf } from '../sso/provider/features/registration.ts'
import { outgoing } from '../sso/provider/outgoing-requests.ts'
import { ssoProvider } from '../sso/provider/provider.ts'
import { providerPages } from '../sso/provider/provider-pages.ts'
import type { Render } from '../web/page/page.ts'
import { operator } from './operator-name.ts'
import type { Surroundings } from './platform-input.ts'
import type { Stores } from './stores.ts'

/**
 * The OpenID Provider on our stores, once the clients' files are in them. Throws `BadEnvironment` for clients that
 * oidc-provider refuses.
 */
export async function singleSignOn(
  { env, clock, policy, log }: Surroundings,
  stores: Stores,
  agreementVersions: { readonly terms: string; readonly privacy: string },
  render: Render,
) {
  const { signingKeys, clients, audit } = stores
  const ports = {
    ...stores,
    ...{ agreementVersions, clock, policy },
    fetch: outgoing(env.BACKCHANNEL_LOOPBACK, env.INTERNAL_HOSTS),
    certificates: certificateHeaders(env),
    registration: registrationOf(env),
  }
  const pages = providerPages(render, ports, env.SANDBOX_CLIENTS_FILE !== undefined)
  const { current, close } = await followKeys(
    signingKeys,
    (keys) => ssoProvider(env.ISSUER, keys, env.COOKIE_KEYS, ports, pages),
    { clock, policy: policy.keys, log },
  )
  await ownClients(current(), readClients(env), { store: clients, audit }, operator())
  return { current, close }
}
