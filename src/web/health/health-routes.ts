import Router from '@koa/router'
import type { Context } from 'koa'
import type { Readiness, Verdict } from './readiness.ts'

/**
 * `/health/live` tells that the process responds, `/health/ready` whether it should get requests, and `/health/stores`
 * whether both stores take writes. docs/operations.md defines them.
 */
export function healthRoutes({ judge }: Pick<Readiness, 'judge'>) {
  const router = new Router({ prefix: '/health' })
  router.get('/live', (ctx) => {
    ctx.body = { status: 'up' }
  })
  router.get('/ready', async (ctx) => {
    const verdict = await judge()
    answer(ctx, verdict, verdict.status === 'up' || verdict.status === 'degraded')
  })
  router.get('/stores', async (ctx) => {
    const verdict = await judge()
    answer(ctx, verdict, downOf(verdict).length === 0)
  })
  return router
}

function answer(ctx: Context, verdict: Verdict, ok: boolean): void {
  ctx.status = ok ? 200 : 503
  ctx.set('Cache-Control', 'no-store')
  ctx.body = { ...verdict, down: downOf(verdict) }
}

const downOf = ({ stores }: Verdict): readonly string[] =>
  Object.entries(stores).flatMap(([name, state]) => (state === 'up' ? [] : [name]))
