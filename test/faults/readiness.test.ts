import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../../sandbox/ports.mjs'
import { begunRequest } from '../support/begun-request.ts'
import { type OwnMongodb, type OwnRedis, ownMongodb, ownRedis } from '../support/own-stores.ts'
import { newKeys, startedPlatform } from '../support/started-platform.ts'
import { type TcpProxy, tcpProxyTo } from '../support/tcp-proxy.ts'
import {
  electPrimary,
  loseMajority,
  losePrimary,
  regainMajority,
} from '../support/write-majority.ts'

type Started = Awaited<ReturnType<typeof startedPlatform>>

let redis: OwnRedis
let mongodb: OwnMongodb
const keys = newKeys()
const running: Started[] = []
const proxies: TcpProxy[] = []

/** Starts one more process of the platform, with its own proxy to Redis. */
async function startProcess() {
  const proxy = await tcpProxyTo(redis.port)
  proxies.push(proxy)
  const addresses = {
    ...{ mongodbUri: mongodb.uri, keyPrefix: 'uup:' },
    redisUrl: `redis://127.0.0.1:${proxy.port}`,
  }
  const started = await startedPlatform(addresses, keys)
  running.push(started)
  await started.listening()
  return { ...started, proxy }
}

type Body = { readonly status: string; readonly stores?: Readonly<Record<string, string>> }

async function health({ url }: Pick<Started, 'url'>, check: 'live' | 'ready' | 'stores') {
  const response = await fetch(`${url}/health/${check}`)
  const body = (await response.json()) as Body
  return { ...body, code: response.status }
}

/** Resolves when the readiness check returns this status. */
const becomes = (process: Pick<Started, 'url'>, status: string) =>
  until(async () => (await health(process, 'ready')).status === status, {
    seconds: 60,
    what: `ready: ${status}`,
  })

async function expectDocuments({ url }: Started) {
  for (const path of ['/.well-known/openid-configuration', '/jwks'])
    expect([path, (await fetch(`${url}${path}`)).status]).toEqual([path, 200])
}

const set = (settings: Readonly<Record<string, string>>) => () =>
  redis.redis.config('SET', ...Object.entries(settings).flat())

let first: Awaited<ReturnType<typeof startProcess>>
beforeAll(async () => {
  ;[redis, mongodb] = await Promise.all([ownRedis(), ownMongodb()])
  first = await startProcess()
})
afterAll(async () => {
  for (const each of running) each.signal('SIGKILL')
  await Promise.all(running.map(({ ended }) => ended))
  await Promise.all(proxies.map((proxy) => proxy.close()))
  await Promise.all([redis.close(), mongodb.close()])
})

test('a process is ready while both stores accept writes', async () => {
  const up = { code: 200, status: 'up', down: [], stores: { mongodb: 'up', redis: 'up' } }
  expect(await health(first, 'ready')).toEqual(up)
  expect(await health(first, 'stores')).toEqual(up)
  expect(await health(first, 'live')).toEqual({ code: 200, status: 'up' })
})

test.each([
  [
    'redis',
    'refuses writes (READONLY)',
    () => redis.redis.replicaof('127.0.0.1', 1),
    () => redis.redis.replicaof('NO', 'ONE'),
  ],
  ['redis', 'refuses writes (OOM)', set({ maxmemory: '1' }), set({ maxmemory: '0' })],
  [
    'redis',
    'refuses writes (NOREPLICAS)',
    set({ 'min-replicas-to-write': '1' }),
    set({ 'min-replicas-to-write': '0' }),
  ],
  ['redis', 'does not answer', () => first.proxy.cut(), () => first.proxy.mend()],
  [
    'mongodb',
    'no write majority',
    () => loseMajority(mongodb.mongodb),
    () => regainMajority(mongodb.mongodb),
  ],
  [
    'mongodb',
    'no primary answers',
    () => losePrimary(mongodb.mongodb),
    () => electPrimary(mongodb.mongodb),
  ],
])('a single process is not ready while %s: %s', async (store, state, breakIt, mendIt) => {
  await breakIt()
  // On a slow machine the first checks may reach their deadline before the store answers what it lacks.
  await until(async () => (await health(first, 'ready')).stores?.[store] === state, {
    ...{ seconds: 60, what: state },
  })
  const stores = { mongodb: 'up', redis: 'up', [store]: state }
  const down = { code: 503, status: 'down', down: [store], stores }
  expect(await health(first, 'ready')).toEqual(down)
  expect(await health(first, 'stores')).toEqual(down)
  expect(await health(first, 'live')).toEqual({ code: 200, status: 'up' })
  await expectDocuments(first)
  await mendIt()
  await becomes(first, 'up')
})

test('health checks share one write to each store', async () => {
  const writes = async () =>
    Number(/cmdstat_hset:calls=(\d+)/.exec(await redis.redis.info('commandstats'))?.[1])
  const before = await writes()
  await Promise.all(Array.from({ length: 100 }, () => health(first, 'ready')))
  expect((await writes()) - before).toBeLessThan(20)
})

test('a process whose event loop was blocked is ready if the store answered meanwhile', async () => {
  const monitor = await redis.redis.monitor()
  first.proxy.holdAnswers()
  const write = once(monitor, 'monitor')
  const check = health(first, 'ready')
  await write
  monitor.disconnect()
  first.signal('SIGSTOP')
  first.proxy.mend()
  // This is longer than any time-out of the connections.
  await sleep(9000)
  first.signal('SIGCONT')
  expect(await check).toMatchObject({ code: 200, status: 'up' })
})

describe('one of two processes', () => {
  let second: typeof first
  beforeAll(async () => {
    second = await startProcess()
  })

  test('is always in service while a store accepts no writes, and soon both are', async () => {
    await set({ maxmemory: '1' })()
    const ask = () => Promise.all([first, second].map((each) => health(each, 'ready')))
    const degraded = async () => {
      const answers = await ask()
      expect(answers.map(({ code }) => code)).toContain(200)
      return answers.every(({ status }) => status === 'degraded')
    }
    await until(degraded, { seconds: 60, what: 'both degraded' })
    expect((await ask()).map(({ code }) => code)).toEqual([200, 200])
    expect(await health(first, 'stores')).toMatchObject({ code: 503, down: ['redis'] })
    await set({ maxmemory: '0' })()
    await Promise.all([first, second].map((each) => becomes(each, 'up')))
  })

  test('is out of service while it alone cannot reach a store', async () => {
    first.proxy.cut()
    await becomes(first, 'down')
    expect(await health(second, 'ready')).toMatchObject({ code: 200, status: 'up' })
    first.proxy.mend()
    await becomes(first, 'up')
  })

  test('is out of service while it shuts down', async () => {
    const request = await begunRequest(second.port, '/health/ready')
    second.signal('SIGTERM')
    await second.logged('draining')
    expect(await request.finish()).toMatch(/^HTTP\/1\.1 503 /)
    expect((await second.ended).code).toBe(0)
  })
})
