import { text } from 'node:stream/consumers'
import Router from '@koa/router'
import type Koa from 'koa'
import { logoutTokens } from '../relying-party/logout-token.ts'
import { foreignOrigin } from '../relying-party/middleware.ts'
import { type PageContext, type PageState, pages } from '../relying-party/pages.ts'
import { failureOf, reasonOf } from '../relying-party/relying-party.ts'
import { serviceApp } from '../relying-party/service-app.ts'
import { choices, chosenIn, usual, wrongIn } from './choices.ts'
import { type ClientOptions, logoutStep, playgroundClient, type Trial } from './client.ts'
import { explained, refusedBy } from './refusals.ts'
import { sentByBrowser } from './steps.ts'
import { trials } from './trials.ts'
import { own, wordsOfPlayground } from './words.ts'

const key = 'playground'
const cookie = 'playground_trial'
const views = {
  start: new URL('views/start.pug', import.meta.url),
  result: new URL('views/result.pug', import.meta.url),
}

/** 开发者演练场 sends requests with the parameters that a developer chooses, and shows each one with its answer. */
export function playgroundService(
  options: ClientOptions & { readonly log?: (line: string) => void },
): Koa<PageState> {
  const { issuer, clientId, baseUrl, log = console.error } = options
  const { show, showProblem } = pages(issuer, { id: clientId, key, words: own }, views)
  const known = trials()
  const signedOutBy = logoutTokens({ issuer, clientId, keysAt: async () => `${issuer}/jwks` })

  const trialOf = (ctx: PageContext) => known.find(ctx.cookies.get(cookie))
  const said = (ctx: PageContext) => wordsOfPlayground[ctx.state.locale]

  /** Performs an action of a trial. The page shows the reason of a failure. */
  async function attempt<T>(
    trial: Trial,
    action: (client: Awaited<ReturnType<typeof playgroundClient>>) => Promise<T> | T,
  ): Promise<T | undefined> {
    delete trial.refused
    try {
      return await action(await playgroundClient(options, trial))
    } catch (error) {
      trial.refused = refusedBy(error)
      log(`A trial failed (${failureOf(error)}): ${trial.refused.reason}`)
      return undefined
    }
  }

  function goTo(ctx: PageContext, address: string): void {
    ctx.status = 303
    ctx.redirect(address)
  }

  const router = new Router<PageState>()
  router.get('/', (ctx) =>
    show(ctx, 'start', { said: said(ctx), choices, chosen: trialOf(ctx)?.chosen ?? usual }),
  )
  router.get('/result', (ctx) => {
    const trial = trialOf(ctx)
    const why = trial?.refused && explained(trial.refused, ctx.state.locale)
    show(ctx, 'result', { said: said(ctx), trial, why })
  })

  router.post('/begin', async (ctx) => {
    if (foreignOrigin(ctx, baseUrl)) return showProblem(ctx, 'foreignForm')
    const chosen = chosenIn(new URLSearchParams(await text(ctx.req)))
    const wrong = wrongIn(chosen)
    if (wrong) {
      ctx.status = 422
      return show(ctx, 'start', { said: said(ctx), choices, chosen, wrong })
    }
    const trial: Trial = { steps: [], chosen }
    ctx.cookies.set(cookie, known.create(trial), { httpOnly: true, sameSite: 'lax' })
    const address = await attempt(trial, (client) => client.begin())
    goTo(ctx, address?.href ?? '/result')
  })

  router.get('/callback', async (ctx) => {
    const trial = trialOf(ctx)
    if (!trial?.pending) return showProblem(ctx, 'stale')
    await attempt(trial, (client) => client.finish(new URL(ctx.url, baseUrl)))
    goTo(ctx, '/result')
  })

  for (const action of ['look', 'refresh'] as const)
    router.post(`/${action}`, async (ctx) => {
      if (foreignOrigin(ctx, baseUrl)) return showProblem(ctx, 'foreignForm')
      const trial = trialOf(ctx)
      if (trial?.tokens) await attempt(trial, (client) => client[action]())
      goTo(ctx, '/result')
    })

  router.post('/logout', async (ctx) => {
    if (foreignOrigin(ctx, baseUrl)) return showProblem(ctx, 'foreignForm')
    const trial = trialOf(ctx)
    const address = trial && (await attempt(trial, (client) => client.signOut()))
    goTo(ctx, address?.href ?? '/result')
  })
  router.get('/signed-out', (ctx) => {
    trialOf(ctx)?.steps.push(sentByBrowser('signed-out', new URL(ctx.url, baseUrl)))
    goTo(ctx, '/result')
  })
  router.post('/backchannel-logout', async (ctx) => {
    const token = new URLSearchParams(await text(ctx.req)).get('logout_token') ?? ''
    try {
      const signedOut = await signedOutBy(token)
      for (const trial of known.about(signedOut)) {
        trial.steps.push(logoutStep(`${baseUrl}/backchannel-logout`, token))
        delete trial.tokens
      }
      ctx.status = 200
      ctx.body = ''
    } catch (error) {
      log(`A logout token was refused: ${reasonOf(error)}`)
      ctx.status = 400
      ctx.body = { error: 'invalid_request' }
    }
  })

  return serviceApp(router, { key, baseUrl, log, showProblem })
}
