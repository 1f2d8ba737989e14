import { observedFetch } from '../adapters/instrumentation/observed-services.ts'
import { applyFileClients } from '../sso/clients/apply-file-clients.ts'
import { readClientFiles } from '../sso/clients/client-files.ts'
import { followKeys } from '../sso/keys/current-provider.ts'
import { eventDelivery } from '../sso/provider/event-delivery.ts'
import { clientRegistrationOf } from '../sso/provider/features/client-registration.ts'
import { certificateHeaders } from '../sso/provider/features/mutual-tls.ts'
import { guardedFetch } from '../sso/provider/guarded-fetch.ts'
import { ssoProvider } from '../sso/provider/provider.ts'
import { providerPages } from '../sso/provider/provider-pages.ts'
import type { Render } from '../web/page/render-page.ts'
import { operatorName } from './operator-name.ts'
import type { PlatformInput } from './platform-input.ts'
import type { Stores } from './stores.ts'

/**
 * Builds the OpenID Provider on our stores and stores the clients of the files. Throws `BadEnvironment` for clients
 * that oidc-provider rejects.
 */
export async function singleSignOn(
  { env, clock, policy, log, instrumentation }: PlatformInput,
  stores: Stores,
  agreementVersions: { readonly terms: string; readonly privacy: string },
  render: Render,
) {
  const { signingKeys, clients, audit } = stores
  const ports = {
    ...stores,
    ...{ agreementVersions, clock, policy },
    adminOrigin: env.ADMIN_ORIGIN,
    fetch: observedFetch(
      guardedFetch(env.BACKCHANNEL_LOOPBACK, env.INTERNAL_HOSTS),
      instrumentation,
    ),
    certificates: certificateHeaders(env),
    registration: clientRegistrationOf(env),
  }
  const pages = providerPages(render, ports, env.SANDBOX_CLIENTS_FILE !== undefined)
  const { current, signingKeyFor, close } = await followKeys(
    signingKeys,
    (keys) => ssoProvider(env.ISSUER, keys, env.COOKIE_KEYS, ports, pages),
    { clock, policy: policy.keys, log },
  )
  await applyFileClients(current(), readClientFiles(env), { store: clients, audit }, operatorName())
  const delivery = eventDelivery(current, signingKeyFor, stores.pairwiseSubject)
  return { current, delivery, close }
}
