import { text } from 'node:stream/consumers'
import type Router from '@koa/router'
import { BadEvent, endsSessions, type eventReceiver, type HeardEvent } from './event-receiver.ts'
import type { PageContext, PageState } from './pages.ts'
import { reasonOf } from './relying-party.ts'
import type { sessions } from './sessions.ts'

type Ports = {
  readonly receiver: ReturnType<typeof eventReceiver>
  readonly known: ReturnType<typeof sessions>
  readonly show: (ctx: PageContext, view: 'heard', locals: object) => void
  readonly log: (line: string) => void
}

/** Adds the push endpoint (RFC 8935) and the page 收到的事件. */
export function addEventRoutes(
  router: Router<PageState>,
  { receiver, known, show, log }: Ports,
): void {
  router.post('/events', async (ctx) => {
    try {
      const event = await receiver.accept(ctx.get('Authorization'), await text(ctx.req))
      if (event && endsSessions(event)) known.endAllOf(event.subject)
      ctx.status = 202
    } catch (error) {
      log(`An event was refused: ${reasonOf(error)}`)
      ctx.status = 400
      ctx.body = { err: error instanceof BadEvent ? error.message : 'invalid_request' }
    }
  })

  router.get('/heard', async (ctx) => {
    const isConnected = await receiver.connected().then(
      () => true,
      (error: unknown) => {
        log(`There is no stream of events: ${reasonOf(error)}`)
        return false
      },
    )
    const { locale } = ctx.state
    const time = (at: number) =>
      new Date(at).toLocaleString(locale, { timeZone: 'Asia/Shanghai', hour12: false })
    const shown = ({ at, credential, subject, type }: HeardEvent) => ({
      ...{ at: time(at), type, credential, sub: subject.sub },
    })
    show(ctx, 'heard', { isConnected, events: receiver.heard.map(shown) })
  })
}
