import { text } from 'node:stream/consumers'
import Router from '@koa/router'
import type Koa from 'koa'
import type { Clock } from '../../src/ports/clock.ts'
import { eventReceiver } from './event-receiver.ts'
import { addEventRoutes } from './event-routes.ts'
import { facts } from './facts.ts'
import { foreignOrigin } from './middleware.ts'
import { type PageContext, type PageState, pages } from './pages.ts'
import { failureOf, reasonOf, relyingParty, type SignedIn } from './relying-party.ts'
import type { RelyingPartyConfig } from './relying-party-config.ts'
import { serviceApp } from './service-app.ts'
import { addPending, sessions, takePending } from './sessions.ts'

export type RelyingPartyServiceOptions = {
  /** The platform's address, without a slash at the end. */
  readonly issuer: string
  /** The registered client id, if it differs from that of the config. */
  readonly clientId?: string
  readonly clientSecret: string
  /** The service's address, without a slash at the end. `/callback`, `/signed-out` and `/backchannel-logout` are registered below it. */
  readonly baseUrl: string
  /** Further relying parties that the pages link to. */
  readonly others?: readonly { readonly config: RelyingPartyConfig; readonly url: string }[]
  readonly clock?: Clock
  /** Receives a line about each failure, without personal data. */
  readonly log?: (line: string) => void
}

/** The web service of a relying party (业务系统) in the sandbox. */
export function relyingPartyService(
  config: RelyingPartyConfig,
  {
    issuer,
    clientId = config.id,
    clientSecret,
    baseUrl,
    others = [],
    clock = Date.now,
    log = console.error,
  }: RelyingPartyServiceOptions,
): Koa<PageState> {
  const redirectUri = `${baseUrl}/callback`
  const party = relyingParty({ issuer, clientId, clientSecret, redirectUri, scope: config.scope })
  const { show, showProblem } = pages(issuer, { ...config, id: clientId })
  const cookie = `${config.key}_session`
  const known = sessions(clock)

  const sessionOf = (ctx: PageContext) => known.find(ctx.cookies.get(cookie))
  const setSession = (ctx: PageContext, id: string | null) =>
    ctx.cookies.set(cookie, id, { httpOnly: true, sameSite: 'lax' })

  async function begin(ctx: PageContext, more: Record<string, string>): Promise<void> {
    const inEnglish: Record<string, string> = ctx.state.locale === 'en' ? { ui_locales: 'en' } : {}
    try {
      const { address, pending } = await party.begin({ ...more, ...inEnglish })
      let session = sessionOf(ctx)
      if (!session) {
        session = { pending: new Map() }
        setSession(ctx, known.create(session))
      }
      addPending(session, pending)
      ctx.status = 303
      ctx.redirect(address.href)
    } catch (error) {
      log(`A sign-in could not begin: ${reasonOf(error)}`)
      showProblem(ctx, failureOf(error))
    }
  }

  const router = new Router<PageState>()
  const receiver = eventReceiver({
    ...{ issuer, clientId, clientSecret },
    endpoint: `${baseUrl}/events`,
  })
  if (config.receivesEvents) addEventRoutes(router, { receiver, known, show, log })
  router.get('/', (ctx) => {
    const signedIn = sessionOf(ctx)?.signedIn
    const links = others.map(({ config: { words }, url }) => ({
      name: words[ctx.state.locale].service,
      url: `${url}/`,
    }))
    const shared = { links, receivesEvents: config.receivesEvents }
    if (signedIn) show(ctx, 'signed-in', { ...person(signedIn, config), ...shared })
    else show(ctx, 'sign-in', shared)
  })
  router.get('/login', (ctx) => begin(ctx, {}))
  router.get('/register', (ctx) => begin(ctx, { prompt: 'create' }))

  router.get('/callback', async (ctx) => {
    const session = sessionOf(ctx)
    const pending = session && takePending(session, String(ctx.query['state'] ?? ''))
    if (!pending) return showProblem(ctx, 'stale')
    try {
      const signedIn = await party.finish(ctx.search, pending)
      // The session gets a new id against session fixation.
      known.end(ctx.cookies.get(cookie))
      setSession(ctx, known.create({ pending: session.pending, signedIn }))
      // The platform has nothing to tell before the first person signs in.
      if (config.receivesEvents)
        await receiver
          .connected()
          .catch((error: unknown) => log(`There is no stream of events: ${reasonOf(error)}`))
      ctx.status = 303
      ctx.redirect('/')
    } catch (error) {
      log(`A sign-in was not completed: ${reasonOf(error)}`)
      showProblem(ctx, failureOf(error))
    }
  })

  router.post('/logout', async (ctx) => {
    if (foreignOrigin(ctx, baseUrl)) return showProblem(ctx, 'foreignForm')
    const signedIn = sessionOf(ctx)?.signedIn
    known.end(ctx.cookies.get(cookie))
    setSession(ctx, null)
    const signedOut = `${baseUrl}/signed-out`
    ctx.status = 303
    if (!signedIn) return ctx.redirect(signedOut)
    ctx.redirect((await party.endSession(signedIn.idToken, signedOut)).href)
  })
  /** Answers a logout message as Back-Channel Logout 1.0, 2.7 and 2.8 require. */
  router.post('/backchannel-logout', async (ctx) => {
    try {
      const form = new URLSearchParams(await text(ctx.req))
      known.endAllOf(await party.signedOutBy(form.get('logout_token') ?? ''))
      ctx.status = 200
      ctx.body = ''
    } catch (error) {
      log(`A logout token was refused: ${reasonOf(error)}`)
      ctx.status = 400
      ctx.body = { error: 'invalid_request' }
    }
  })
  router.get('/signed-out', (ctx) => show(ctx, 'signed-out'))

  return serviceApp(router, { key: config.key, baseUrl, log, showProblem })
}

/** The data of the signed-in person that the page shows. */
const person = ({ idTokenClaims, userinfo }: SignedIn, config: RelyingPartyConfig) => ({
  facts: config.facts(userinfo).map((fact) => ({ fact, value: facts[fact](userinfo) })),
  claims: { idToken: idTokenClaims, userinfo },
})
