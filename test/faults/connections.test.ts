import { once } from 'node:events'
import { mongoConnection } from '../../src/adapters/mongo/mongo-connection.ts'
import { redisConnection } from '../../src/adapters/redis/connection/redis-connection.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { type TcpProxy, tcpProxyTo } from '../support/tcp-proxy.ts'

/** A log that keeps the message of each line. */
function testLog() {
  const lines: string[] = []
  const keep = (...line: unknown[]) => void lines.push(String(line.at(-1)))
  return { lines, log: { error: keep, info: keep } }
}

let stores: TestStores
beforeAll(async () => {
  stores = await testStores()
})
afterAll(() => stores.close())

describe('the connection to Redis', () => {
  let proxy: TcpProxy
  beforeEach(async () => {
    proxy = await tcpProxyTo(Number(new URL(stores.redisUrl).port))
  })
  afterEach(() => proxy.close())
  const url = () => `redis://127.0.0.1:${proxy.port}`

  test('a command that Redis may have carried out is rejected and is not sent again', async () => {
    const { redis, close } = await redisConnection(url(), testLog().log)
    const key = `${stores.keyPrefix}counter`
    proxy.swallowAnswers()
    const counting = redis.incr(key)
    counting.catch(() => {})
    while ((await stores.redis.get(key)) === null);
    proxy.cut()
    await expect(counting).rejects.toThrow()
    proxy.mend()
    expect(await redis.incr(key)).toBe(2)
    await close()
  })

  test('an outage of Redis is logged when it begins and when it ends, not for each request', async () => {
    const { lines, log } = testLog()
    const { redis, close } = await redisConnection(url(), log)
    proxy.cut()
    for (let n = 0; n < 5; n += 1) await expect(redis.get('any')).rejects.toThrow()
    const back = once(redis, 'ready')
    proxy.mend()
    await back
    expect(await redis.get(`${stores.keyPrefix}nothing`)).toBeNull()
    expect(lines).toEqual(['Redis is lost', 'Redis is back'])
    await close()
  })

  test('a connection to a Redis that does not answer is rejected, and close() resolves without an answer', async () => {
    const { lines, log } = testLog()
    const { redis, close } = await redisConnection(url(), log)
    proxy.cut()
    await expect(redis.get('any')).rejects.toThrow()
    await close()
    await expect(redisConnection(url(), log)).rejects.toThrow('Redis does not answer')
    expect(lines).toEqual(['Redis is lost'])
  })
})

describe('the connection to MongoDB', () => {
  let proxy: TcpProxy
  beforeEach(async () => {
    proxy = await tcpProxyTo(Number(new URL(stores.mongodbUri).port))
  })
  afterEach(() => proxy.close())
  /** The address of the proxy. Without `directConnection` the replica set would tell the driver its own address. */
  const uri = () => {
    const address = new URL(stores.mongodbUri)
    address.port = String(proxy.port)
    address.search = '?directConnection=true'
    return address.href
  }

  test('the driver waits for a majority at each write, and repeats a write once after the connection broke', async () => {
    const { connection, close } = await mongoConnection(uri(), testLog().log)
    const { writeConcern, retryWrites } = connection.getClient().options
    expect(writeConcern?.w).toBe('majority')
    expect(retryWrites).toBe(true)
    await close()
  })

  test('an outage of MongoDB rejects each command, and is logged when it begins and when it ends', async () => {
    const { lines, log } = testLog()
    const { connection, close } = await mongoConnection(uri(), log)
    const things = connection.collection('things')
    await things.insertOne({ name: 'one' })
    proxy.cut()
    for (let n = 0; n < 2; n += 1) await expect(things.findOne()).rejects.toThrow()
    const back = once(connection, 'reconnected')
    proxy.mend()
    await back
    expect(await things.countDocuments()).toBe(1)
    expect(lines).toEqual(['MongoDB is lost', 'MongoDB is back'])
    await close()
    expect(lines).toHaveLength(2)
  })

  test('a connection to a MongoDB that does not answer is rejected', async () => {
    proxy.cut()
    await expect(mongoConnection(uri(), testLog().log)).rejects.toThrow('MongoDB does not answer')
  })
})
