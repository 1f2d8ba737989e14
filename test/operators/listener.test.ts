import { begunRequest } from '../support/begun-request.ts'
import { samplesOf, scraped, sumOf } from '../support/metrics.ts'
import { ownPort } from '../support/own-port.ts'
import { newKeys, startedPlatform } from '../support/started-platform.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { workersOf } from '../support/worker-processes.ts'

const keys = newKeys()
let stores: TestStores
let adminPort: number
let platform: Awaited<ReturnType<typeof startedPlatform>>
/** Two processes behind a proxy. */
beforeAll(async () => {
  stores = await testStores()
  adminPort = await ownPort()
  platform = await startedPlatform(stores, {
    ...keys,
    ADMIN_PORT: String(adminPort),
    ADMIN_NETWORKS: '192.0.2.0/24,2001:db8::/32',
    TRUST_PROXY: '1',
    PROCESSES: '2',
  })
  await platform.listening(2)
})
afterAll(() => stores.close())

const inside = '192.0.2.9'
const adminUrl = () => `http://127.0.0.1:${adminPort}`
const statusOf = async (url: string, from = inside) =>
  (await fetch(url, { redirect: 'manual', headers: { 'X-Forwarded-For': from } })).status

test('another network gets 403 from everything but health, whatever it sends', async () => {
  for (const path of ['/', '/lookup', '/metrics', '/api/admin/v1/stats', '/no/such/page'])
    expect(await statusOf(adminUrl() + path, '198.51.100.1')).toBe(403)
  for (const path of ['/health/live', '/health/ready'])
    expect(await statusOf(adminUrl() + path, '198.51.100.1')).toBe(200)
  const tooLarge = await fetch(adminUrl(), { method: 'POST', body: 'x'.repeat(100_000) })
  expect(tooLarge.status).toBe(403)
  expect(tooLarge.headers.getSetCookie()).toEqual([])
})

test('a network is allowed by the address that the proxy names', async () => {
  const allowed = [inside, '::ffff:192.0.2.9', '2001:db8::1', '198.51.100.1, 192.0.2.9']
  for (const from of allowed) expect(await statusOf(`${adminUrl()}/none`, from)).toBe(404)
  for (const from of ['192.0.2.9, 198.51.100.1', '2001:db9::1', 'none'])
    expect(await statusOf(`${adminUrl()}/none`, from)).toBe(403)
})

test('the public port answers 404 to the addresses of metrics and of the API', async () => {
  expect(await statusOf(`${platform.url}/health/ready`)).toBe(200)
  const addresses = ['/metrics', '/api/admin/v1/stats', '/api/admin/openapi.json']
  for (const path of addresses) expect(await statusOf(platform.issuer + path)).toBe(404)
})

test('/metrics adds up both processes, whichever answers, and keeps the counts of a process that died', async () => {
  const count = async () => {
    const { text } = await scraped(adminUrl(), { 'X-Forwarded-For': inside })
    return sumOf(samplesOf(text), 'http_requests_total', { route: '/health/live' })
  }
  const before = await count()
  // Each request has a connection of its own, which the supervisor gives to the processes in turn.
  const requests = Array.from({ length: 20 }, () =>
    fetch(`${platform.url}/health/live`, { headers: { connection: 'close' } }),
  )
  for (const { status } of await Promise.all(requests)) expect(status).toBe(200)
  for (let scrape = 0; scrape < 4; scrape += 1) expect(await count()).toBe(before + 20)
  const [victim] = workersOf(platform.pid)
  process.kill(Number(victim), 'SIGKILL')
  await platform.listening(3)
  for (let scrape = 0; scrape < 2; scrape += 1) expect(await count()).toBe(before + 20)
})

test('a port that another process has ends the start', async () => {
  const other = await startedPlatform(stores, { ...keys, ADMIN_PORT: String(adminPort) })
  const { code, output } = await other.ended
  expect(code).not.toBe(0)
  expect(output).toContain('EADDRINUSE')
})

test('SIGTERM drains both ports of each process', async () => {
  const request = await begunRequest(adminPort, '/health/live')
  platform.signal('SIGTERM')
  await platform.logged('draining', 2)
  expect(await request.finish()).toMatch(/^HTTP\/1\.1 200 /)
  const { code, output } = await platform.ended
  expect(code).toBe(0)
  expect(output.match(/"msg":"stopped"/g)).toHaveLength(2)
  await expect(fetch(adminUrl())).rejects.toThrow()
})
