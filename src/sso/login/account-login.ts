import { createHmac, randomBytes } from 'node:crypto'
import type { ClientMetadata, Provider } from 'oidc-provider'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import type { Clock } from '../../ports/clock.ts'
import { Outage } from '../../ports/outage.ts'
import { SessionEnded } from '../../ports/sso/oidc-storage.ts'
import type { AccountLogin } from '../../web/account-login.ts'
import type { Context } from '../../web/context.ts'
import { isSameSecret } from '../../web/http/same-secret.ts'
import { seeOther } from '../../web/http/see-other.ts'
import { idleUntil } from '../provider/record-lifetimes.ts'

/** The requested path, and the time of the request in ms since 1970. */
type State = { readonly wanted: string; readonly at: number }

type Session = Awaited<ReturnType<Provider['Session']['get']>>

/** The client id of the platform itself. */
export const accountClientId = 'account'
export const accountClientName = '用户信息维护'
const home = '/account'
/** An authorization request that an outage ended is repeated by a reload after so many ms: no loop of redirects. */
const pause = 5000

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
  const sign = (key: string, ctx: Context, content: string) =>
    createHmac('sha256', key)
      .update(JSON.stringify(['account login', ctx.state.browser, content]))
      .digest('base64url')

  /** The content of a `state` that was made for this browser; undefined for any other. */
  function contentOf(ctx: Context, state: unknown): State | undefined {
    const [encoded = '', signature = ''] = String(state).split('.')
    const content = Buffer.from(encoded, 'base64url').toString()
    const mine = cookieKeys.some((key) => isSameSecret(sign(key, ctx, content), signature))
    return mine ? (JSON.parse(content) as State) : undefined
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
      const content = JSON.stringify({ wanted, at: clock() } satisfies State)
      const request = new URL(provider.urlFor('authorization'))
      request.search = String(
        new URLSearchParams({
          client_id: accountClientId,
          redirect_uri: `${provider.issuer}${home}/callback`,
          response_type: 'code',
          scope: 'openid',
          state: `${Buffer.from(content).toString('base64url')}.${sign(key, ctx, content)}`,
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
      const state = contentOf(ctx, ctx.query['state'])
      // The provider redirects here also when a store fails (RFC 6749, 4.1.2.1). A reload of the page tries again.
      const isOutage = error === 'temporarily_unavailable' && state !== undefined
      if (isOutage && clock() - state.at < pause)
        throw new Outage(new Error('a store failed during the authorization request'))
      // The provider rejected the request; a new one would end in a loop.
      if (error && !isOutage) ctx.throw(410)
      seeOther(ctx, state?.wanted ?? home)
    },
  }
}
