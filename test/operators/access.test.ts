import { consoleAccess, openRoutes } from '../../src/operators/access/console-access.ts'
import { type Role, roles } from '../../src/people/operator.ts'
import { operatorsOf } from '../support/console.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { registeredRoutes } from '../support/registered-routes.ts'

let platform: TestPlatform
let desk: Awaited<ReturnType<typeof operatorsOf>>
beforeAll(async () => {
  platform = await testPlatform()
  desk = await operatorsOf(platform)
})
afterAll(() => platform.close())

/** Every route of the operators' side but health, captchas, metrics and the API, e.g. `GET /lookup`. */
const registered = (): readonly string[] =>
  registeredRoutes(platform.adminApps())
    .filter(({ path }) => !/^\/(health|captcha|api|metrics)\b/.test(path))
    .map(({ method, path }) => `${method} ${path}`)

const rows = Object.entries(consoleAccess) as [string, readonly Role[]][]
const addressOf = (route: string) => route.split(' ')[1]?.replace(/:\w+/g, 'unknown') ?? ''

test('every route has a row that names its roles, and every row a route', () => {
  const known = [...Object.keys(consoleAccess), ...openRoutes]
  expect(registered().toSorted()).toEqual(known.toSorted())
})

test.each(roles)('%s is refused every route of other roles and may use its own', async (role) => {
  const browser = await desk.signedIn(await desk.newOperator(role))
  const { $ } = await browser.get('/')
  const token = String($('input[name=token]').first().attr('value'))
  const isAllowed = async (route: string) => {
    const [method] = route.split(' ')
    const body = method === 'POST' ? { body: new URLSearchParams({ token }) } : {}
    const url = platform.adminUrl + addressOf(route)
    return (await browser.request(url, { method: String(method), ...body })).status !== 403
  }
  const others = rows.filter(([route]) => route !== 'POST /logout')
  const found = []
  for (const [route] of others) found.push([route, await isAllowed(route)])
  expect(found).toEqual(others.map(([route, allowed]) => [route, allowed.includes(role)]))
})

test('without a session every route leads to 操作员登录', async () => {
  for (const [route] of rows) {
    const [method] = route.split(' ')
    const body = method === 'POST' ? { body: new URLSearchParams({ a: 'b' }) } : {}
    const response = await fetch(platform.adminUrl + addressOf(route), {
      method: String(method),
      ...body,
      redirect: 'manual',
    })
    expect([route, response.status]).toEqual([route, 303])
    expect(response.headers.get('location')).toMatch(/^\/login(\?to=|$)/)
  }
})

test('the public port has none of these addresses', async () => {
  const own = ['GET /', 'GET /login', 'POST /login']
  for (const route of [...Object.keys(consoleAccess), ...openRoutes].filter(
    (each) => !own.includes(each),
  )) {
    const [method] = route.split(' ')
    const url = platform.issuer + addressOf(route)
    const { status } = await fetch(url, { method: String(method), redirect: 'manual' })
    expect([route, status]).toEqual([route, 404])
  }
})
