import Router from '@koa/router'
import Koa from 'koa'
import type { Clock } from '../../src/ports/clock.ts'
import { bank } from './bank.ts'
import { externalServices, type Pause, sleep } from './external-services.ts'
import { people } from './people.ts'
import { phoneAges, registry } from './registry-and-phone-ages.ts'
import { smsGateway } from './sms.ts'

/**
 * The outside services (specification, section 7): what a test puts in by `PUT` is what the platform is answered.
 * All of it is forgotten when the process ends. `pause` and `clock` are for tests.
 */
export function simulators({
  pause = sleep,
  clock = Date.now,
}: {
  readonly pause?: Pause
  readonly clock?: Clock
} = {}): Koa {
  const external = externalServices(pause)
  const routers = [
    bank(external.called('bank')),
    smsGateway(external.called('sms'), clock),
    registry(external.called('registry')),
    phoneAges(external.called('phones')),
    external.router,
    people(),
    new Router().get('/health', (ctx) => {
      ctx.body = { status: 'ok' }
    }),
  ]
  const app = new Koa()
  app.use(errorsAsJson)
  for (const router of routers) app.use(router.routes())
  return app
}

const errorsAsJson: Koa.Middleware = async (ctx, next) => {
  try {
    await next()
    if (ctx.status === 404 && !ctx.body) ctx.throw(404, `There is no ${ctx.method} ${ctx.path}.`)
  } catch (error) {
    if (!(error instanceof Koa.HttpError)) throw error
    ctx.status = error.status
    ctx.body = { error: error.message }
  }
}
