import Router from '@koa/router'
import Koa from 'koa'
import type { Clock } from '../../src/ports/clock.ts'
import { bank } from './bank.ts'
import { externalServices, type Pause, sleep } from './external-services.ts'
import { people } from './people.ts'
import { phoneAges, registry } from './registry-and-phone-ages.ts'
import { smsGateway } from './sms.ts'

/**
 * The external services (specification, section 7): the platform is answered with what a test has put in by `PUT`.
 * Everything is lost when the process ends. `pause` and `clock` are for tests.
 *
 * Only the platform's own calls are counted and can fail, and a call is counted before it fails, so that a test can
 * tell whether a circuit breaker prevented it. A fault stays until the same service is named again. A slow call whose
 * caller gave up has no effect, so that no message arrives in the middle of a later test. Unknown words in a `PUT`
 * are refused, because a test with a typing error would prove nothing.
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
