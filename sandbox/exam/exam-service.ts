import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import Router from '@koa/router'
import Koa from 'koa'
import { idTypes } from '../../config/id-types.ts'
import { maskedIdNumber } from '../../src/people/id-document.ts'
import { maskedPhone } from '../../src/people/phone.ts'
import type { Clock } from '../../src/ports/clock.ts'
import { type ExamContext, type ExamState, pages } from './pages.ts'
import { failureOf, reasonOf, relyingParty, type SignedIn } from './relying-party.ts'
import { addPending, sessions, takePending } from './sessions.ts'
import { foreignOrigin, headers, language, ownHost } from './web.ts'

export type ExamOptions = {
  /** The platform, without a slash at its end. */
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Where people find this service, without a slash at its end; `/callback`, `/signed-out` and `/backchannel-logout` are registered below it. */
  readonly baseUrl: string
  readonly clock?: Clock
  /** Takes a line that names a failure and no person. */
  readonly log?: (line: string) => void
}

const cookie = 'exam_session'
const css = readFileSync(new URL('exam.css', import.meta.url))

/** 考生服务系统, as far as a relying party of the platform needs it. */
export function examService({
  issuer,
  baseUrl,
  clock = Date.now,
  log = console.error,
  ...client
}: ExamOptions): Koa<ExamState> {
  const party = relyingParty({ issuer, ...client, redirectUri: `${baseUrl}/callback` })
  const { show, showProblem } = pages(issuer)
  const known = sessions(clock)

  const sessionOf = (ctx: ExamContext) => known.find(ctx.cookies.get(cookie))
  const setSession = (ctx: ExamContext, id: string | null) =>
    ctx.cookies.set(cookie, id, { httpOnly: true, sameSite: 'lax' })

  async function begin(ctx: ExamContext, more: Record<string, string>): Promise<void> {
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

  const router = new Router<ExamState>()
  router.get('/', (ctx) => {
    const signedIn = sessionOf(ctx)?.signedIn
    if (signedIn) show(ctx, 'signed-in', person(signedIn))
    else show(ctx, 'sign-in')
  })
  router.get('/login', (ctx) => begin(ctx, {}))
  router.get('/register', (ctx) => begin(ctx, { prompt: 'create' }))

  router.get('/callback', async (ctx) => {
    const session = sessionOf(ctx)
    const pending = session && takePending(session, String(ctx.query['state'] ?? ''))
    if (!pending) return showProblem(ctx, 'stale')
    try {
      const signedIn = await party.finish(ctx.search, pending)
      // A new id: one that somebody planted in this browser before is worth nothing now.
      known.end(ctx.cookies.get(cookie))
      setSession(ctx, known.create({ pending: session.pending, signedIn }))
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
  /** Back-Channel Logout 1.0, 2.7 and 2.8: done, or what is wrong with the token. */
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

  router.get('/health', (ctx) => {
    ctx.body = { status: 'ok' }
  })
  router.get('/exam.css', (ctx) => {
    ctx.set('Cache-Control', 'no-cache')
    ctx.type = 'css'
    ctx.body = css
  })

  const app = new Koa<ExamState>()
  app.use(headers)
  app.use(language)
  app.use(async (ctx, next) => {
    await next().catch((error: unknown) => {
      log(`${ctx.method} ${ctx.path} broke: ${reasonOf(error)}`)
      showProblem(ctx, 'broken')
    })
  })
  app.use(ownHost(baseUrl))
  app.use(router.routes())
  app.use((ctx) => showProblem(ctx, 'notFound'))
  return app
}

/** What the page says about who signed in. */
function person({ idTokenClaims, userinfo }: SignedIn) {
  const said = (claim: unknown) => (typeof claim === 'string' ? claim : undefined)
  const idType = said(userinfo['id_type'])
  const idNumber = said(userinfo['id_number'])
  const phone = said(userinfo['phone_number'])
  return {
    name: said(userinfo['name']),
    idType: Object.entries(idTypes).find(([type]) => type === idType)?.[1],
    idNumber: idNumber && maskedIdNumber(idNumber),
    phone: phone && maskedPhone(phone),
    sub: userinfo.sub,
    claims: { idToken: idTokenClaims, userinfo },
  }
}
