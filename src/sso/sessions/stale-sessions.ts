import type { Middleware } from 'koa'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Accounts } from '../../ports/accounts.ts'
import type { OidcStorage } from '../../ports/sso/oidc-storage.ts'
import type { WebState } from '../../web/context.ts'
import { undoLogin } from '../provider/patches/session-changes.ts'

/**
 * A sign-in that was verified before the account changed (a password reset, say) and comes to its end after that must
 * not become a session: whoever signed in with the old password would outlive it. So a sign-in carries the account's
 * version, and the account has to have it still.
 */
export function isStaleSignIn({ oidc }: KoaContextWithOIDC): boolean {
  const { login } = oidc.result ?? {}
  if (!login || !oidc.account || login['version'] === oidc.account['version']) return false
  // oidc-provider has signed the session in already.
  undoLogin(oidc.session)
  return true
}

/** Looks again once the session is stored: the account may have changed between. Stands around the provider's routes. */
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
