import { until } from '../../sandbox/ports.mjs'
import { isSignedIn, registered, signedInAt } from '../support/account-pages.ts'
import { scraped } from '../support/metrics.ts'
import { type OwnRedis, ownRedis } from '../support/own-stores.ts'
import { samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { type TcpProxy, tcpProxyTo } from '../support/tcp-proxy.ts'

const patience = { seconds: 60, what: 'the platform' }
const clientSecret = 'a-secret-of-the-tests-and-of-nothing-else'
const client = {
  client_id: 'reports',
  client_secret: clientSecret,
  token_endpoint_auth_method: 'client_secret_post',
  redirect_uris: [],
  response_types: [],
  grant_types: ['client_credentials'],
}

let first: OwnRedis
let second: OwnRedis
/** A proxy that keeps existing connections when it is redirected. */
let proxy: TcpProxy
let platform: TestPlatform
beforeAll(async () => {
  ;[first, second] = await Promise.all([ownRedis(), ownRedis()])
  proxy = await tcpProxyTo(first.port)
  platform = await testPlatform({
    clients: [client],
    ownStores: { redisUrl: `redis://127.0.0.1:${proxy.port}` },
  })
})
afterAll(async () => {
  await platform.close()
  await proxy.close()
  await Promise.all([first.close(), second.close()])
})

const openRegistration = () => personAtForms().open(`${platform.issuer}/register`)

const token = () =>
  fetch(`${platform.issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      ...{ client_id: client.client_id, client_secret: clientSecret },
    }),
  })

async function expectService() {
  expect((await openRegistration()).heading).toBe('填写登录信息')
  expect((await token()).status).toBe(200)
}

async function expectOutage() {
  const page = await openRegistration()
  expect(page.status).toBe(503)
  expect(page.headers.get('retry-after')).toBe('5')
  expect(page.text).toContain('统一用户平台暂时无法办理，请稍后再试')
  const answer = await token()
  expect(answer.status).toBe(503)
  expect(answer.headers.get('retry-after')).toBe('5')
  expect(await answer.json()).toMatchObject({ error: 'temporarily_unavailable' })
}

const replicates = async ({ redis }: OwnRedis) =>
  (await redis.info('replication')).includes('master_link_status:up')

/** Promotes `to`. `from` becomes its replica and keeps all its connections. */
async function failOver(from: OwnRedis, to: OwnRedis) {
  await to.redis.replicaof('127.0.0.1', from.port)
  await until(() => replicates(to), { seconds: 60, what: 'the replica' })
  await to.redis.replicaof('NO', 'ONE')
  await from.redis.replicaof('127.0.0.1', to.port)
}

test('the platform reconnects to the new master after a failover that leaves connections open', async () => {
  const at = personAtForms()
  const page = await at.open(`${platform.issuer}/register`)
  await failOver(first, second)
  proxy.leadTo(second.port)
  // The former master refuses the first command; then the platform reconnects.
  await until(async () => (await openRegistration()).status === 200, patience)
  const pages = await Promise.all(Array.from({ length: 20 }, openRegistration))
  expect(pages.map(({ status }) => status)).toEqual(pages.map(() => 200))
  await expectService()
  expect((await at.open(page.url.href)).heading).toBe('填写登录信息')
})

test('a failover is an outage until the address leads to the new master', async () => {
  await failOver(second, first)
  await expectOutage()
  proxy.leadTo(first.port)
  await until(async () => (await openRegistration()).status === 200, patience)
  await expectService()
})

describe.each([
  ['is full', { maxmemory: '1' }, { maxmemory: '0' }],
  [
    'lacks the replicas that writes need',
    { 'min-replicas-to-write': '3' },
    { 'min-replicas-to-write': '0' },
  ],
])('a Redis that %s', (_, broken, repaired) => {
  test('is an outage until it accepts writes again', async () => {
    await first.redis.config('SET', ...Object.entries(broken).flat())
    await expectOutage()
    await first.redis.config('SET', ...Object.entries(repaired).flat())
    await expectService()
  })
})

test('a Redis that hangs is an outage until it continues, and /metrics leaves out only its numbers', async () => {
  const pid = Number(/process_id:(\d+)/.exec(await first.redis.info('server'))?.[1])
  process.kill(pid, 'SIGSTOP')
  await expectOutage()
  const { status, text } = await scraped(platform.adminUrl)
  expect(status).toBe(200)
  expect([text.includes('uup_budget_used_ratio{'), text.includes('uup_tasks_waiting{')]).toEqual([
    false,
    true,
  ])
  process.kill(pid, 'SIGCONT')
  await until(async () => (await openRegistration()).status === 200, patience)
  await expectService()
})

test('a replica that lost its master and answers nothing is an outage', async () => {
  await first.redis.config('SET', 'replica-serve-stale-data', 'no')
  await first.redis.replicaof('127.0.0.1', 1)
  await expectOutage()
  await first.redis.replicaof('NO', 'ONE')
  await until(async () => (await openRegistration()).status === 200, patience)
  await expectService()
})

test('a Redis that lost all its data is no outage: flows begin again, and accounts are as they were', async () => {
  const person = await registered(platform, samplePerson())
  const { at } = await signedInAt(platform, person)
  const flow = await openRegistration()
  await first.redis.flushall()
  await expectService()
  const again = await at.open(flow.url.href)
  expect(again.status).toBeLessThan(500)
  expect(await isSignedIn(platform, at)).toBe(false)
  expect((await signedInAt(platform, person)).page.heading).toBe('用户信息')
})
