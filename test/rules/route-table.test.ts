import Router from '@koa/router'
import Koa from 'koa'
import type { WebState } from '../../src/web/context.ts'
import { methodNotAllowed } from '../../src/web/http/error-responses.ts'
import { routeTable } from '../../src/web/routing/route-table.ts'
import { localListener } from '../support/local-listener.ts'

const routing = (answers: Readonly<Record<string, string>>, prefix?: string) => {
  const router = new Router<WebState>(prefix ? { prefix } : {})
  for (const [path, answer] of Object.entries(answers))
    router.get(path, (ctx) => {
      ctx.body = answer
    })
  return router
}

const guarded = routing({ '/account': 'account' })
guarded.use('/account', async (ctx, next) => {
  ctx.set('X-Guarded', 'yes')
  await next()
})
guarded.use(routing({ '/:id': 'a page' }, '/account/close').routes())
const app = new Koa<WebState>().use(methodNotAllowed()).use(
  routeTable([
    routing({ '/': 'home', '/help': 'help' }),
    // Both match `/register/organisation`: the first one answers.
    routing({ '/:id': 'of an organisation' }, '/register/organisation'),
    routing({ '/:id': 'of a person', '/:id/:step': 'a step' }, '/register'),
    guarded,
  ]),
)

let url: string
let close: () => unknown
beforeAll(async () => {
  const listener = await localListener(app.callback())
  url = listener.url
  close = listener.close
})
afterAll(() => close())

test.each([
  ['/', 'home', null],
  ['/help', 'help', null],
  ['/HELP', 'help', null],
  ['/help?of=it', 'help', null],
  ['/register/organisation/a', 'of an organisation', null],
  ['/register/organisation', 'of a person', null],
  ['/register/a/step', 'a step', null],
  ['/account', 'account', null],
  ['/account/close/a', 'a page', 'yes'],
])('%s is answered by its part', async (path, text, header) => {
  const answer = await fetch(`${url}${path}`)
  expect([answer.status, await answer.text()]).toEqual([200, text])
  expect(answer.headers.get('x-guarded')).toBe(header)
})

test.each(['/other', '/helper', '//help', '/register'])('%s has no route', async (path) => {
  expect((await fetch(`${url}${path}`)).status).toBe(404)
})

test('another method is answered with the methods of the route', async () => {
  const answer = await fetch(`${url}/help`, { method: 'POST' })
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'HEAD, GET'])
})

test('a route that begins with a parameter stops the start, since no segment leads to it', () => {
  expect(() => routeTable([routing({ '/:id': 'anything' })])).toThrow(/begins with a parameter/)
})
