import { readFileSync } from 'node:fs'
import type Router from '@koa/router'
import Koa from 'koa'
import { headers, language, ownHost } from './middleware.ts'
import type { PageState, pages } from './pages.ts'
import { reasonOf } from './relying-party.ts'

const css = readFileSync(new URL('look.css', import.meta.url))

/** Wraps the routes of a sandbox service in the shared middleware. */
export function serviceApp(
  router: Router<PageState>,
  {
    key,
    baseUrl,
    log,
    showProblem,
  }: {
    /** The prefix of its cookie names. */
    readonly key: string
    readonly baseUrl: string
    readonly log: (line: string) => void
    readonly showProblem: ReturnType<typeof pages>['showProblem']
  },
): Koa<PageState> {
  router.get('/health', (ctx) => {
    ctx.body = { status: 'ok' }
  })
  router.get('/look.css', (ctx) => {
    ctx.set('Cache-Control', 'no-cache')
    ctx.type = 'css'
    ctx.body = css
  })

  const app = new Koa<PageState>()
  app.use(headers)
  app.use(language(`${key}_lang`))
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
