import Router from '@koa/router'
import type { Banks } from '../../config/banks.ts'
import type { WebState } from '../web/context.ts'
import { bankNames } from '../web/page/bank-names.ts'
import type { Render } from '../web/page/render-page.ts'

/** `/help`: 常见问题解答. Its anchors `#q1` to `#q11` must not change: other pages and the office's announcements link to them. */
export function guideRoutes(banks: Banks, render: Render) {
  const router = new Router<WebState>()
  router.get('/help', (ctx) =>
    render(ctx, 'information/help', {
      title: 'guide.title',
      banks: bankNames(banks, ctx.state.locale).map(({ text }) => text),
    }),
  )
  return router
}
