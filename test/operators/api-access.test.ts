import { adminScopes } from '../../config/claims/own-scopes.ts'
import { adminApiPath, apiAccess } from '../../src/operators/api/api-access.ts'
import { adminApi, problemOf } from '../support/admin-api.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { registeredRoutes } from '../support/registered-routes.ts'

/** The mirror of the role table: every call with its scope (specification of the operators' side, section 11). */
const table = {
  'POST /accounts/:id/end-sessions': 'admin:accounts:write',
  'POST /accounts/:id/freeze': 'admin:accounts:freeze',
  'POST /accounts/:id/unfreeze': 'admin:accounts:freeze',
  'POST /accounts/:id/unlock': 'admin:accounts:write',
  'POST /accounts/search': 'admin:accounts:read',
  'GET /audit': 'admin:audit:read',
  'GET /banks/:name/maintenance': 'admin:notices',
  'PUT /banks/:name/maintenance': 'admin:notices',
  'GET /clients': 'admin:clients',
  'POST /clients': 'admin:clients',
  'DELETE /clients/:id': 'admin:clients',
  'GET /clients/:id': 'admin:clients',
  'PATCH /clients/:id': 'admin:clients',
  'POST /clients/:id/secret': 'admin:clients',
  'GET /keys': 'admin:keys',
  'POST /keys/:alg/rotate': 'admin:keys',
  'POST /keys/:kid/withdraw': 'admin:keys',
  'GET /notices': 'admin:notices',
  'POST /notices': 'admin:notices',
  'POST /notices/:id/withdraw': 'admin:notices',
  'GET /stats': 'admin:stats:read',
}
const routes = Object.keys(table)
type Route = keyof typeof table

let platform: TestPlatform
let api: Awaited<ReturnType<typeof adminApi>>
beforeAll(async () => {
  platform = await testPlatform()
  api = await adminApi(platform)
})
afterAll(() => platform.close())

/** Every route below the path of the API, e.g. `GET /clients`. */
const registered = (): readonly string[] =>
  registeredRoutes(platform.adminApps())
    .filter(({ path }) => path.startsWith(adminApiPath))
    .map(({ method, path }) => `${method} ${path.slice(adminApiPath.length)}`)

test('every call has a row that names its scope, in the code, in the router and in the document', () => {
  expect(apiAccess).toEqual(table)
  expect(registered().toSorted()).toEqual(routes.toSorted())
  const documented = Object.entries(api.document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { security }]) => [
      `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      security,
    ]),
  )
  const expected = Object.entries(table).map(([route, scope]) => [
    route,
    [{ clientCredentials: [scope] }],
  ])
  expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(expected))
})

const partsOf = (route: string) => {
  const [method = '', path = ''] = route.replaceAll(/:\w+/g, 'unknown').split(' ')
  return { method, path, body: /GET|DELETE/.test(method) ? undefined : {} }
}

test.each(adminScopes)('%s allows the calls of its rows and no others', async (scope) => {
  const machine = await api.newClient([scope])
  const isAllowed = async (route: string) => {
    const { method, path, body } = partsOf(route)
    const answer = await machine.call(method, path, body)
    expect(answer.status).not.toBe(401)
    return problemOf(answer) !== '403 insufficient-scope'
  }
  const found = []
  for (const route of routes) found.push([route, await isAllowed(route)])
  expect(found).toEqual(routes.map((route) => [route, table[route as Route] === scope]))
})

test('without a token every call answers 401, and what is no call 404 or 405 as a problem', async () => {
  for (const route of routes) {
    const { method, path, body } = partsOf(route)
    const answer = await api.callWith(method, path, body)
    expect([route, problemOf(answer)]).toEqual([route, '401 invalid-token'])
  }
  expect(problemOf(await api.callWith('GET', '/nothing'))).toBe('404 unknown')
  const other = await api.callWith('PUT', '/accounts/search', {})
  expect([problemOf(other), other.headers.get('allow')]).toEqual(['405 method', 'POST'])
})

test('a body that cannot be read is refused with 400, 413 or 415', async () => {
  const machine = await api.newClient()
  const token = await machine.token({}, false)
  const ask = async (body: string, type = 'application/json') => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': type }
    return problemOf(await api.callWith('POST', '/accounts/search', body, headers))
  }
  expect(await ask('{')).toBe('400 request')
  expect(await ask(`{"value":"${'x'.repeat(17_000)}"}`)).toBe('413 too-large')
  expect(await ask('by=phone', 'application/x-www-form-urlencoded')).toBe('415 media-type')
})

test('what takes two persons is refused with its type, whether it exists or not', async () => {
  const machine = await api.newClient()
  const refused = [
    await machine.call('DELETE', `/clients/${machine.id}`),
    await machine.call('DELETE', '/clients/unknown'),
    await machine.call('POST', '/keys/unknown/withdraw', { reason: '泄露' }),
  ]
  for (const answer of refused) expect(problemOf(answer)).toBe('403 two-persons')
  expect(await api.clients.find(machine.id)).toBeDefined()
})
