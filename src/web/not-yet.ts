import Router from '@koa/router'
import type { WebState } from './context.ts'
import type { Render } from './page.ts'

const paths = ['/register/organisation']

/** Addresses that pages and business systems already name and that can't be done online yet: who to call instead. */
export function notYetRoutes(render: Render) {
  const router = new Router<WebState>()
  router.get(paths, (ctx) => {
    render(ctx, 'not-yet', { title: 'notYet.title' })
    ctx.status = 501
  })
  return router
}
