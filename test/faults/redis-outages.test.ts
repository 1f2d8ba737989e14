import { until } from '../../sandbox/ports.mjs'
import { type OwnRedis, ownRedis } from '../support/own-stores.ts'
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
/** Keeps the connections that it has when its address leads elsewhere. */
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

const anybody = () => personAtForms().open(`${platform.issuer}/register`)

const token = () =>
  fetch(`${platform.issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      ...{ client_id: client.client_id, client_secret: clientSecret },
    }),
  })

async function expectService() {
  expect((await anybody()).heading).toBe('填写登录信息')
  expect((await token()).status).toBe(200)
}

async function expectOutage() {
  const page = await anybody()
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

/** `to` takes over from `from`, which goes on as its replica with every connection that it has. */
async function failOver(from: OwnRedis, to: OwnRedis) {
  await to.redis.replicaof('127.0.0.1', from.port)
  await until(() => replicates(to), { seconds: 60, what: 'the replica' })
  await to.redis.replicaof('NO', 'ONE')
  await from.redis.replicaof('127.0.0.1', to.port)
}

test('after a failover that leaves connections open the platform goes over to the new master', async () => {
  const at = personAtForms()
  const page = await at.open(`${platform.issuer}/register`)
  await failOver(first, second)
  proxy.leadTo(second.port)
  // The former master refuses the first; then the platform connects anew.
  await until(async () => (await anybody()).status === 200, patience)
  const pages = await Promise.all(Array.from({ length: 20 }, anybody))
  expect(pages.map(({ status }) => status)).toEqual(pages.map(() => 200))
  await expectService()
  expect((await at.open(page.url.href)).heading).toBe('填写登录信息')
})

test('a failover that the address does not follow yet is an outage, and ends when it does', async () => {
  await failOver(second, first)
  await expectOutage()
  proxy.leadTo(first.port)
  await until(async () => (await anybody()).status === 200, patience)
  await expectService()
})

describe.each([
  ['is full', { maxmemory: '1' }, { maxmemory: '0' }],
  [
    'lacks the replicas that writes need',
    { 'min-replicas-to-write': '3' },
    { 'min-replicas-to-write': '0' },
  ],
])('a Redis that %s', (_, broken, whole) => {
  test('is an outage until it takes writes again', async () => {
    await first.redis.config('SET', ...Object.entries(broken).flat())
    await expectOutage()
    await first.redis.config('SET', ...Object.entries(whole).flat())
    await expectService()
  })
})

test('a Redis that hangs is an outage until it goes on', async () => {
  const pid = Number(/process_id:(\d+)/.exec(await first.redis.info('server'))?.[1])
  process.kill(pid, 'SIGSTOP')
  await expectOutage()
  process.kill(pid, 'SIGCONT')
  await until(async () => (await anybody()).status === 200, patience)
  await expectService()
})

test('a replica that lost its master and serves nothing is an outage', async () => {
  await first.redis.config('SET', 'replica-serve-stale-data', 'no')
  await first.redis.replicaof('127.0.0.1', 1)
  await expectOutage()
  await first.redis.replicaof('NO', 'ONE')
  await until(async () => (await anybody()).status === 200, patience)
  await expectService()
})
