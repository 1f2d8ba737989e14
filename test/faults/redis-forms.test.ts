import { Cluster } from 'ioredis'
import { until } from '../../sandbox/ports.mjs'
import { redisConnection } from '../../src/adapters/redis/connection/redis-connection.ts'
import { isRedisOutage } from '../../src/adapters/redis/connection/redis-outage.ts'
import { processReportsRedis } from '../../src/adapters/redis/process-reports-redis.ts'
import { redisScript } from '../../src/adapters/redis/redis-script.ts'
import { ownSentinel } from '../support/own-sentinel.ts'
import {
  type OwnRedis,
  type OwnRedisCluster,
  ownRedis,
  ownRedisCluster,
} from '../support/own-stores.ts'

const patience = { seconds: 60, what: 'the new master' }

/** A log that keeps the message of each line. */
function testLog() {
  const lines: string[] = []
  const keep = (...line: unknown[]) => void lines.push(String(line.at(-1)))
  return { lines, log: { error: keep, info: keep } }
}

/** Keys that lie in many slots of all three masters. */
const keys = Array.from({ length: 300 }, (_, n) => `key:${n}`)

let cluster: OwnRedisCluster
let server: OwnRedis
beforeAll(async () => {
  ;[cluster, server] = await Promise.all([ownRedisCluster(), ownRedis()])
})
afterAll(() => Promise.all([cluster.close(), server.close()]))

async function clusterConnection() {
  const { lines, log } = testLog()
  const connection = await redisConnection(cluster.url, log)
  if (!(connection.redis instanceof Cluster)) throw new Error('no cluster')
  return { ...connection, redis: connection.redis, lines }
}

const mastersOf = (redis: Cluster) => redis.nodes('master').map(({ options }) => options.port ?? 0)

/** The port of a master whose replica has everything that was written. */
async function replicatedMaster(redis: Cluster): Promise<number> {
  for (const master of redis.nodes('master'))
    if ((await master.info('replication')).includes('connected_slaves:1')) {
      await master.wait(1, 60_000)
      return master.options.port ?? 0
    }
  throw new Error('no master has a replica')
}

/** Works on all keys at once, again and again, and resolves when none of them is refused. */
const untilServed = (redis: Cluster) =>
  until(async () => (await Promise.all(keys.map((key) => redis.incr(key)))).length > 0, patience)

test('a form that does not fit the server is refused', async () => {
  const { log } = testLog()
  const [first = 0] = cluster.ports
  const wrong = redisConnection(`redis://127.0.0.1:${first}`, log)
  await expect(wrong).rejects.toThrow(
    'REDIS_URL: is a node of a cluster: begin with redis+cluster://',
  )
  const single = redisConnection(`redis+cluster://127.0.0.1:${server.port}`, log)
  await expect(single).rejects.toThrow('Redis does not answer')
  await expect(redisConnection('redis+cluster://', log)).rejects.toThrow('REDIS_URL: ')
})

describe('a cluster', () => {
  test('commands for keys of all masters go to their servers, scripts included', async () => {
    const { redis, close } = await clusterConnection()
    const set = redisScript(`return redis.call('SET', KEYS[1], ARGV[1])`)
    await Promise.all(keys.map((key, n) => set(redis, [key], [n])))
    const values = await Promise.all(keys.map((key) => redis.get(key)))
    expect(values).toEqual(keys.map((_, n) => String(n)))
    expect(mastersOf(redis)).toHaveLength(3)
    await close()
  })

  test('a command that a node may have carried out is rejected and is not sent again', async () => {
    const { redis, close } = await clusterConnection()
    const other = await clusterConnection()
    const key = 'counted-once'
    await redis.get(key)
    for (const node of redis.nodes('master')) node.stream?.pause()
    const counting = redis.incr(key).catch((error: unknown) => error)
    await until(async () => (await other.redis.get(key)) === '1', patience)
    for (const node of redis.nodes('master')) node.stream?.destroy()
    expect(isRedisOutage(await counting)).toBe(true)
    // A second one would make it 3.
    await until(async () => (await redis.incr(key)) === 2, patience)
    await Promise.all([close(), other.close()])
  })

  test('all keys of a killed master are served by its replica, without help', async () => {
    const { redis, lines, close } = await clusterConnection()
    await Promise.all(keys.map((key) => redis.set(key, 1)))
    const killed = await replicatedMaster(redis)
    cluster.signal(killed, 'SIGKILL')
    await untilServed(redis)
    for (let rounds = 0; rounds < 5; rounds += 1)
      expect(await Promise.all(keys.map((key) => redis.exists(key)))).toEqual(keys.map(() => 1))
    expect(mastersOf(redis)).not.toContain(killed)
    expect(lines).toContain('Redis is lost')
    await close()
  })

  test('a master that hangs is an outage of readiness until its replica serves, while it still hangs', async () => {
    const { redis, close } = await clusterConnection()
    const reports = processReportsRedis({ redis, keyPrefix: 'uup:', clock: Date.now })
    const write = () => reports.write({ process: 'one', found: { mongodb: 'up', redis: 'up' } })
    await Promise.all(keys.map((key) => redis.set(key, 1)))
    const hanging = await replicatedMaster(redis)
    cluster.signal(hanging, 'SIGSTOP')
    const error = await write().catch((failure: unknown) => failure)
    expect(isRedisOutage(error)).toBe(true)
    expect(reports.describe(error)).toBe('does not answer')
    await until(async () => write().then(() => true), patience)
    await untilServed(redis)
    expect(await reports.latest()).toEqual([
      { process: 'one', found: { mongodb: 'up', redis: 'up' } },
    ])
    cluster.signal(hanging, 'SIGCONT')
    await untilServed(redis)
    await close()
  })
})

test('one server is reached with user, password and database', async () => {
  await server.redis.acl('SETUSER', 'uup', 'on', '>p@ss/word', '~uup:*', '+@all')
  const url = `redis://uup:${encodeURIComponent('p@ss/word')}@127.0.0.1:${server.port}/3`
  const { redis, close } = await redisConnection(url, testLog().log)
  await redis.set('uup:key', 'value')
  await expect(redis.set('other:key', 'value')).rejects.toThrow('NOPERM')
  await close()
  await server.redis.select(3)
  expect(await server.redis.get('uup:key')).toBe('value')
  await server.redis.select(0)
  await expect(redisConnection(url.replace('p%40', ''), testLog().log)).rejects.toThrow(
    'Redis does not answer',
  )
})

describe('Sentinels', () => {
  let sentinel: Awaited<ReturnType<typeof ownSentinel>>
  beforeAll(async () => {
    sentinel = await ownSentinel()
  })
  afterAll(() => sentinel.close())

  test('no Sentinel at the address is no connection', async () => {
    await expect(redisConnection(sentinel.url(1), testLog().log)).rejects.toThrow(
      'Redis does not answer',
    )
  })

  test('commands go to the master, and to the promoted replica while the former master hangs', async () => {
    const { lines, log } = testLog()
    const { redis, close } = await redisConnection(sentinel.url(), log)
    await redis.set('key', 'value')
    await redis.wait(1, 60_000)
    sentinel.signalMaster('SIGSTOP')
    await until(async () => (await redis.set('key', 'newer')) === 'OK', patience)
    expect(await sentinel.replica.get('key')).toBe('newer')
    expect(lines).toEqual(['Redis is lost', 'Redis is back'])
    sentinel.signalMaster('SIGCONT')
    await close()
  })
})

test('a command fails soon when no node of the cluster answers, and so does a new connection', async () => {
  const { redis, close } = await clusterConnection()
  for (const port of cluster.ports) cluster.signal(port, 'SIGKILL')
  for (const key of keys.slice(0, 5)) {
    const error = await redis.get(key).catch((failure: unknown) => failure)
    expect(isRedisOutage(error)).toBe(true)
  }
  await close()
  await expect(redisConnection(cluster.url, testLog().log)).rejects.toThrow('Redis does not answer')
})
