import { createHmac, randomBytes } from 'node:crypto'
import type { ClientMetadata, Provider } from 'oidc-provider'
import type { Policy } from '../../../config/policy.ts'
import type { Clock } from '../../ports/clock.ts'
import { Ended } from '../../ports/sso/oidc-storage.ts'
import type { AccountLogin } from '../../web/account-login.ts'
import type { Context } from '../../web/context.ts'
import { isSameSecret } from '../../web/http/same-secret.ts'
import { seeOther } from '../../web/http/see-other.ts'
import { idleUntil } from '../provider/lifetimes.ts'

type Session = Awaited<ReturnType<Provider['Session']['get']>>

/** The platform as a client of itself. */
export const accountClientId = 'account'
const home = '/account'

/** 用户信息维护 as a business system of the platform itself; built in, in no file and no store. */
export const accountClient = (issuer: string): ClientMetadata => ({
  client_id: accountClientId,
  client_name: '用户信息维护',
  client_uri: `${issuer}${home}`,
  redirect_uris: [`${issuer}${home}/callback`],
  token_endpoint_auth_method: 'none',
  scope: 'openid',
  first_party: true,
})

/**
 * The platform as a client of itself. The login that its authorization request begins leaves a session at the
 * provider, and that session is what its pages look at: they need no tokens. So the request's code is for nobody:
 * the verifier of its challenge is thrown away. `state` is bound to the browser and holds the wanted path; it is
 * signed, not kept, so any number of tabs may be on their way.
 */
export function accountLogin(
  current: () => Provider,
  cookieKeys: readonly string[],
  { session: lifetime }: Pick<Policy, 'session'>,
  clock: Clock,
): AccountLogin {
  const sign = (key: string, ctx: Context, wanted: string) =>
    createHmac('sha256', key)
      .update(JSON.stringify(['account entrance', ctx.state.browser, wanted]))
      .digest('base64url')

  /** The path of a state that this browser was sent out with. */
  function wantedIn(ctx: Context, state: unknown): string | undefined {
    const [path = '', signature = ''] = String(state).split('.')
    const wanted = Buffer.from(path, 'base64url').toString()
    const mine = cookieKeys.some((key) => isSameSecret(sign(key, ctx, wanted), signature))
    return mine ? wanted : undefined
  }

  /** Prolongs a session that is used; once a minute is enough. False: it has been ended meanwhile. */
  async function use(session: Session): Promise<boolean> {
    const ttl = idleUntil(lifetime, session.loginTs, clock)
    if (session.exp - Math.floor(clock() / 1000) > ttl - 60) return true
    try {
      await session.save(ttl)
      return true
    } catch (error) {
      if (error instanceof Ended) return false
      throw error
    }
  }

  return {
    signOut: `${new URL(current().urlFor('end_session')).pathname}?client_id=${accountClientId}`,

    async present(ctx) {
      const session = await current().Session.get(ctx)
      if (!session.accountId || !(await use(session))) return undefined
      return { accountId: session.accountId, signIn: session.uid }
    },

    ask(ctx, wanted) {
      const [key = ''] = cookieKeys
      const provider = current()
      const request = new URL(provider.urlFor('authorization'))
      request.search = String(
        new URLSearchParams({
          client_id: accountClientId,
          redirect_uri: `${provider.issuer}${home}/callback`,
          response_type: 'code',
          scope: 'openid',
          state: `${Buffer.from(wanted).toString('base64url')}.${sign(key, ctx, wanted)}`,
          nonce: randomBytes(16).toString('base64url'),
          code_challenge: randomBytes(32).toString('base64url'),
          code_challenge_method: 'S256',
        }),
      )
      seeOther(ctx, request.pathname + request.search)
    },

    back(ctx) {
      const { error } = ctx.query
      if (error === 'access_denied') return seeOther(ctx, '/')
      // The provider turned the request away: asking again would lead in a circle.
      if (error) ctx.throw(410)
      seeOther(ctx, wantedIn(ctx, ctx.query['state']) ?? home)
    },
  }
}
