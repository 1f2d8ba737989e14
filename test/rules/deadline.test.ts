import Koa from 'koa'
import { pino } from 'pino'
import { Outage } from '../../src/ports/outage.ts'
import type { WebState } from '../../src/web/context.ts'
import { deadline, withDeadline } from '../../src/web/http/deadline.ts'
import { errorHandling, type ShowError } from '../../src/web/http/error-responses.ts'

/** An app with a deadline of 0.1 s before this handler, and its log. */
async function served(handler: Koa.Middleware<WebState>) {
  const lines: string[] = []
  const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) })
  const app = new Koa<WebState>()
  const show: ShowError = (ctx, status) => {
    ctx.status = status
  }
  app.use(errorHandling(log, show))
  app.use(deadline(0.1)).use(handler)
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  const response = await fetch(`http://127.0.0.1:${port}`).finally(() => {
    server.closeAllConnections()
    server.close()
  })
  return { response, lines }
}

test('a request that is not answered by its deadline is an outage', async () => {
  const { response } = await served(() => new Promise(() => {}))
  expect(response.status).toBe(503)
  expect(response.headers.get('retry-after')).toBe('5')
})

test('a fault after the deadline is logged, and changes no answer', async () => {
  let fail = (_: Error) => {}
  const { response, lines } = await served(
    () =>
      new Promise((_, reject) => {
        fail = reject
      }),
  )
  fail(new TypeError('of a test'))
  await new Promise((resolve) => setImmediate(resolve))
  expect(response.status).toBe(503)
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
    'request failed',
    'failed after the deadline',
  ])
})

test('a request in time is answered as it is', async () => {
  const { response } = await served((ctx) => {
    ctx.body = 'in time'
  })
  expect(await response.text()).toBe('in time')
})

test('work that is done before the deadline gives its result, and its own error', async () => {
  const end = performance.now() + 60_000
  expect(await withDeadline(end, Promise.resolve(1))).toBe(1)
  await expect(withDeadline(end, Promise.reject(new TypeError('its own')))).rejects.toThrow(
    'its own',
  )
  await expect(withDeadline(performance.now(), new Promise(() => {}))).rejects.toThrow(Outage)
})
