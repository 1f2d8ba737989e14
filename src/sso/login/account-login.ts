import { createHmac, randomBytes } from 'node:crypto'
import type { ClientMetadata, Provider } from 'oidc-provider'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import type { Clock } from '../../ports/clock.ts'
import { SessionEnded } from '../../ports/sso/oidc-storage.ts'
import type { AccountLogin } from '../../web/account-login.ts'
import type { Context } from '../../web/context.ts'
import { isSameSecret } from '../../web/http/same-secret.ts'
import { seeOther } from '../../web/http/see-other.ts'
import { idleUntil } from '../provider/record-lifetimes.ts'

type Session = Awaited<ReturnType<Provider['Session']['get']>>

/** The client id of the platform itself. */
export const accountClientId = 'account'
export const accountClientName = '用户信息维护'
const home = '/account'

/** The client 用户信息维护, which is the platform itself; it is built in and neither in a file nor in the store. */
export const accountClient = (issuer: string): ClientMetadata => ({
  client_id: accountClientId,
  client_name: accountClientName,
  client_uri: `${issuer}${home}`,
  redirect_uris: [`${issuer}${home}/callback`],
  token_endpoint_auth_method: 'none',
  scope: 'openid',
  first_party: true,
})

/**
 * Signs people in to the pages of the platform itself, as a client of its own provider. The pages use the session that
 * the authorization request leaves at the provider and need no tokens, so that nobody redeems the code: the verifier of
 * its challenge is discarded. `state` is bound to the browser and contains the requested path; it is signed and not
 * stored, so that any number of tabs can sign in at once.
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

  /** The path in a `state` that was made for this browser; undefined for any other. */
  function pathInState(ctx: Context, state: unknown): string | undefined {
    const [path = '', signature = ''] = String(state).split('.')
    const wanted = Buffer.from(path, 'base64url').toString()
    const mine = cookieKeys.some((key) => isSameSecret(sign(key, ctx, wanted), signature))
    return mine ? wanted : undefined
  }

  /** Extends a session that is used, at most once a minute. False if the session was ended meanwhile. */
  async function extend(session: Session): Promise<boolean> {
    const ttl = idleUntil(lifetime, session.loginTs, clock)
    if (session.exp - Math.floor(clock() / 1000) > ttl - 60) return true
    try {
      await session.save(ttl)
      return true
    } catch (error) {
      if (error instanceof SessionEnded) return false
      throw error
    }
  }

  return {
    signOut: `${new URL(current().urlFor('end_session')).pathname}?client_id=${accountClientId}`,

    async present(ctx) {
      const session = await current().Session.get(ctx)
      if (!session.accountId || !(await extend(session))) return undefined
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
      // The provider rejected the request; a new one would end in a loop.
      if (error) ctx.throw(410)
      seeOther(ctx, pathInState(ctx, ctx.query['state']) ?? home)
    },
  }
}
