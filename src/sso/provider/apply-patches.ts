import { Provider } from 'oidc-provider'
import { slowDownPolls } from '../devices/device-polls.ts'
import type { UserCodePorts } from '../devices/user-codes.ts'
import { limitUserCodes } from '../devices/user-codes.ts'
import { messagesOf } from '../sessions/account-sessions.ts'
import { noteVersion } from '../sessions/account-version.ts'
import { logoutQueue } from '../sessions/back-channel-logout.ts'
import { addSessionEvents } from '../sessions/session-events.ts'
import { noteUse } from '../sessions/session-use.ts'
import { acrFor } from '../step-up/requested-acr.ts'
import { answerAcr } from './patches/acr-getter.ts'
import { decideReplaysByWrite } from './patches/atomic-replay-detection.ts'
import { assertContinuePage } from './patches/continue-page.ts'
import { followIssuerScheme } from './patches/cookie-scheme.ts'
import { hookDeviceCodes } from './patches/device-code-lookups.ts'
import { assertGuardedRequests } from './patches/guarded-requests.ts'
import { assertIdentityAssurance } from './patches/identity-assurance.ts'
import { useIssuerUrls } from './patches/issuer-urls.ts'
import { storeJwtAccessTokens } from './patches/jwt-access-tokens.ts'
import { assertModelMembers } from './patches/model-members.ts'
import { acceptPreviousSecret } from './patches/previous-client-secret.ts'
import { routesOf } from './patches/provider-routes.ts'
import { keepRefreshTokens } from './patches/refresh-tokens.ts'
import { explainRefusals } from './patches/refusal-reasons.ts'
import { makeSelfDescribingIds } from './patches/self-describing-ids.ts'
import { assertFormToken, assertSessionChanges } from './patches/session-changes.ts'
import { hookSessions } from './patches/session-hooks.ts'
import { storeOwnFields } from './patches/stored-fields.ts'
import type { ProviderPorts } from './provider-ports.ts'

export type PatchPorts = UserCodePorts &
  Pick<ProviderPorts, 'clients' | 'clock' | 'eventQueue' | 'policy' | 'storage' | 'tasks'>

/**
 * Adapts a provider where its documentation offers no option. Each patch asserts that oidc-provider is as it expects,
 * and throws otherwise, so that an upgrade that breaks one stops the start (docs/oidc-provider-upgrade.md).
 */
export function applyPatches(provider: Provider, ports: PatchPorts): void {
  const { clients, clock, eventQueue, storage, tasks } = ports
  // Before any model is used: oidc-provider reads the names of the fields once.
  storeOwnFields(provider)
  assertModelMembers(provider)
  assertSessionChanges(provider)
  assertIdentityAssurance(provider)
  assertFormToken()
  assertGuardedRequests()
  assertContinuePage()
  routesOf(provider)
  useIssuerUrls(provider)
  followIssuerScheme(provider)
  explainRefusals(provider)
  decideReplaysByWrite(provider)
  acceptPreviousSecret(provider, clients, clock)
  storeJwtAccessTokens(provider)
  keepRefreshTokens(provider, ports)
  makeSelfDescribingIds(provider, storage)
  answerAcr(provider, acrFor)
  hookDeviceCodes(provider, { byUserCode: limitUserCodes(ports), found: slowDownPolls(ports) })
  const enqueueLogouts = logoutQueue(provider, tasks)
  hookSessions(provider, {
    async beforeSave(session) {
      const { ctx } = Provider
      if (ctx?.oidc.session === session && session.accountId) {
        noteUse(session, ctx, clock)
        noteVersion(session, ctx)
      }
      await enqueueLogouts(session)
    },
    async beforeDestroy(session) {
      await enqueueLogouts(session)
      const { accountId, uid } = session
      if (!accountId) return
      await addSessionEvents(eventQueue, accountId, messagesOf(accountId, session))
      // An ended session stays ended, also for requests that are still using it.
      await storage.endSession(accountId, uid)
    },
  })
}
