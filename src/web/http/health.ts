import Router from '@koa/router'

/** `/health/live`: the process answers. `/health/ready`: its stores do too; 503 names the ones that don't. */
export function health(stores: Readonly<Record<string, () => Promise<unknown>>>) {
  const router = new Router({ prefix: '/health' })
  router.get('/live', (ctx) => {
    ctx.body = { status: 'up' }
  })
  router.get('/ready', async (ctx) => {
    const states = await Promise.all(
      Object.entries(stores).map(async ([name, ping]) => [name, await answers(ping)] as const),
    )
    const down = states.filter(([, up]) => !up).map(([name]) => name)
    ctx.status = down.length ? 503 : 200
    ctx.body = { status: down.length ? 'down' : 'up', down }
  })
  return router
}

async function answers(ping: () => Promise<unknown>): Promise<boolean> {
  const late = new Promise<never>((_, reject) =>
    setTimeout(reject, 2000, new Error('late')).unref(),
  )
  try {
    await Promise.race([ping(), late])
    return true
  } catch {
    return false
  }
}
