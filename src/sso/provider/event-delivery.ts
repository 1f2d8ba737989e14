import { importJWK, SignJWT } from 'jose'
import type { JWK, KoaContextWithOIDC } from 'oidc-provider'
import { eventAlgorithm, eventMediaType } from '../../../config/events.ts'
import type { EventDelivery } from '../../ports/sso/event-delivery.ts'
import type { CurrentProvider, SigningKeyFor } from '../keys/current-provider.ts'
import { type PairwiseSubject, pairwiseIdentifier } from './pairwise-subjects.ts'
import { guardedRequest } from './patches/guarded-requests.ts'

type ImportedKey = Awaited<ReturnType<typeof importJWK>>
/** Importing an RSA key takes as long as a signature. */
const imported = new WeakMap<JWK, ImportedKey>()

/** Signs events like ID tokens, names their subjects as ID tokens do, and pushes them like logout tokens. */
export const eventDelivery = (
  current: CurrentProvider,
  signingKeyFor: SigningKeyFor,
  pairwiseSubject: PairwiseSubject,
): EventDelivery => ({
  async audienceOf(clientId) {
    const client = await current().Client.find(clientId)
    if (!client) return undefined
    const pairwise = pairwiseIdentifier(pairwiseSubject)
    const noRequest = {} as KoaContextWithOIDC
    return {
      subjectOf: (accountId) =>
        client.subjectType === 'pairwise'
          ? String(pairwise(noRequest, accountId, client))
          : accountId,
      knowsSessions: Boolean(
        client.backchannelLogoutUri && client.backchannelLogoutSessionRequired,
      ),
    }
  },
  async sign(claims) {
    const jwk = signingKeyFor(eventAlgorithm)
    if (!imported.has(jwk))
      imported.set(
        jwk,
        await importJWK({ ...jwk } as Parameters<typeof importJWK>[0], eventAlgorithm),
      )
    const header = { alg: eventAlgorithm, typ: 'secevent+jwt', kid: String(jwk.kid) }
    return new SignJWT(claims).setProtectedHeader(header).sign(imported.get(jwk) as ImportedKey)
  },
  post: (address, token, authorization) =>
    guardedRequest(current(), address, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'Content-Type': eventMediaType,
        Accept: 'application/json',
        ...(authorization && { Authorization: authorization }),
      },
      body: token,
    }),
})
