import type { Middleware } from 'koa'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Accounts } from '../../ports/accounts.ts'
import type { OidcStorage } from '../../ports/sso/oidc-storage.ts'
import type { WebState } from '../../web/context.ts'
import { undoLogin } from '../provider/patches/session-changes.ts'

/**
 * Rejects a sign-in that was verified before the account changed, e.g. before a password reset, and finishes after
 * that: otherwise a sign-in with the old password would outlive it. The sign-in carries the version of the account that
 * it was verified against (decision 0181).
 */
export function isStaleSignIn({ oidc }: KoaContextWithOIDC): boolean {
  const { login } = oidc.result ?? {}
  if (!login || !oidc.account || login['version'] === oidc.account['version']) return false
  // oidc-provider has already signed the session in.
  undoLogin(oidc.session)
  return true
}

/**
 * Checks again after the session is stored, since the account may have changed in between. It wraps the provider's
 * routes.
 */
export const endStaleSessions =
  (accounts: Accounts, storage: OidcStorage): Middleware<WebState> =>
  async (ctx, next) => {
    await next()
    const { oidc } = ctx as unknown as Partial<KoaContextWithOIDC>
    const { login } = oidc?.result ?? {}
    const { accountId, uid = '', authorizations = {} } = oidc?.session ?? {}
    if (!login || !accountId) return
    if ((await accounts.findById(accountId))?.version === login['version']) return
    await storage.endSession(accountId, uid)
    const given = Object.values(authorizations).flatMap(({ grantId }) => grantId ?? [])
    await storage.endGrants(accountId, given)
  }
