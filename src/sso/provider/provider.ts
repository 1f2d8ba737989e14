import {
  type Adapter,
  type Interaction,
  type JWK,
  type KoaContextWithOIDC,
  Provider,
} from 'oidc-provider'
import { protocol } from '../../../config/oidc.ts'
import { isClientOrigin } from '../clients/cross-origin.ts'
import { extraClientMetadata } from '../clients/extra-client-metadata.ts'
import { isPublic, needsPkce } from '../clients/pkce-requirement.ts'
import { selfRegisteredRecords } from '../clients/self-registered-records.ts'
import { accountClaims } from '../consent/disclosed-claims.ts'
import { loadGrant } from '../consent/grants.ts'
import { accountClient } from '../login/account-login.ts'
import { interactionAddress } from '../login/interaction-address.ts'
import { countClientSignIns } from '../sessions/client-sign-ins.ts'
import { applyPatches } from './apply-patches.ts'
import { addOpenRequest, removeEndedRequests } from './bounds/open-request-limit.ts'
import { requestBounds } from './bounds/request-bounds.ts'
import { registrationRequest } from './features/client-registration.ts'
import { clientSignatures } from './features/client-signatures.ts'
import {
  authenticationMetadata,
  clientAuthMethods,
  endpointAliases,
} from './features/mutual-tls.ts'
import { providerFeatures } from './features/provider-features.ts'
import { modelAdapter } from './model-adapter.ts'
import { pairwiseIdentifier } from './pairwise-subjects.ts'
import { promptPolicy } from './prompt-policy.ts'
import { providerCookies } from './provider-cookies.ts'
import type { ProviderPages, ProviderPorts } from './provider-ports.ts'
import { readAhead } from './read-ahead.ts'
import { recordLifetimes } from './record-lifetimes.ts'

/** Builds the OpenID Provider: `config/oidc.ts` says what it offers, the ports what it uses. */
export function ssoProvider(
  issuer: string,
  keys: readonly JWK[],
  cookieKeys: readonly string[],
  ports: ProviderPorts,
  pages: ProviderPages,
): Provider {
  const { storage, clients, accounts, clock, policy, fetch, certificates } = ports
  const selfRegistered = selfRegisteredRecords(ports)
  const reads = readAhead(storage, clients)
  const provider = new Provider(issuer, {
    ...protocol,
    // The platform's own client; all others are in the store.
    clients: [accountClient(issuer)],
    claims: { ...protocol.claims },
    features: providerFeatures(pages, cookieKeys, ports),
    clientAuthMethods: clientAuthMethods(certificates),
    discovery: {
      ...protocol.discovery,
      ...authenticationMetadata(certificates),
      ...endpointAliases(certificates),
    },
    extraClientMetadata: extraClientMetadata(ports.registration),
    sectorIdentifierUriValidate: () => registrationRequest() !== undefined,
    pairwiseIdentifier: pairwiseIdentifier(ports.pairwiseSubject),
    assertJwtClientAuthClaimsAndHeader: clientSignatures(clock).assertion,
    adapter: (model): Adapter => modelAdapter(model, reads, selfRegistered, ports),
    jwks: { keys: [...keys] },
    cookies: providerCookies(issuer, cookieKeys),
    ttl: recordLifetimes(policy, clock),
    fetch,
    pkce: { required: needsPkce },
    clientBasedCORS: isClientOrigin,
    findAccount: accountClaims(accounts, clock),
    loadExistingGrant: loadGrant(storage),
    // RFC 9700, 4.14.2, requires rotation for public clients only; FAPI 2.0 Security Profile, 5.3.2.1, forbids it for
    // others.
    rotateRefreshToken: ({ oidc }) => isPublic(oidc.client),
    // A logout ends the tokens; the grant stays, since it remembers the consent.
    revokeGrantPolicy: ({ oidc }) =>
      oidc.route !== 'end_session_confirm' &&
      !(oidc.route === 'revocation' && oidc.entities.AccessToken),
    interactions: {
      policy: promptPolicy(clock, ports.agreementVersions),
      url: openInteraction(ports),
    },
    extraParams: requestBounds(ports),
    renderError: pages.renderError,
  })
  provider.on('server_error', (ctx, error) => {
    ctx.state['log'].error({ err: error }, 'provider failed')
  })
  removeEndedRequests(provider, ports)
  countClientSignIns(provider, ports)
  applyPatches(provider, ports)
  return provider
}

/** Counts a new interaction and gives its address. */
const openInteraction =
  (ports: ProviderPorts) => async (ctx: KoaContextWithOIDC, interaction: Interaction) => {
    await addOpenRequest(ctx, interaction, ports)
    return interactionAddress(ctx, interaction)
  }
