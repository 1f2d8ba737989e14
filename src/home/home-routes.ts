import Router from '@koa/router'
import type { WebState } from '../web/context.ts'
import { seeOther } from '../web/http/see-other.ts'
import type { Render } from '../web/page/render-page.ts'

/** `/`: the page with links to every flow. */
export function homeRoutes(render: Render) {
  // Without `strict`, `//` would show this page as well.
  const router = new Router<WebState>({ strict: true })
  router.get('/', (ctx) => render(ctx, 'home', { title: 'home.title' }))
  router.get('/login', (ctx) => {
    seeOther(ctx, '/')
  })
  return router
}
