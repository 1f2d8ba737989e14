import { once } from 'node:events'
import { mongoConnection } from '../../src/adapters/mongo/mongo-connection.ts'
import { redisConnection } from '../../src/adapters/redis/redis-connection.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { type TcpProxy, tcpProxyTo } from '../support/tcp-proxy.ts'

/** Keeps what would be logged: the last words of each line. */
function testLog() {
  const lines: string[] = []
  const keep = (...words: unknown[]) => void lines.push(String(words.at(-1)))
  return { lines, log: { error: keep, info: keep } }
}

let stores: TestStores
beforeAll(async () => {
  stores = await testStores()
})
afterAll(() => stores.close())

describe('the connection to Redis', () => {
  let cable: TcpProxy
  beforeEach(async () => {
    cable = await tcpProxyTo(Number(new URL(stores.redisUrl).port))
  })
  afterEach(() => cable.close())
  const url = () => `redis://127.0.0.1:${cable.port}`

  test('a command that may have been carried out is rejected, and never sent again', async () => {
    const { redis, close } = await redisConnection(url(), testLog().log)
    const key = `${stores.keyPrefix}counter`
    cable.swallowAnswers()
    const counting = redis.incr(key)
    counting.catch(() => {})
    while ((await stores.redis.get(key)) === null);
    cable.cut()
    await expect(counting).rejects.toThrow()
    cable.mend()
    expect(await redis.incr(key)).toBe(2)
    await close()
  })

  test('an outage is logged when it begins and when it ends, not for each request', async () => {
    const { lines, log } = testLog()
    const { redis, close } = await redisConnection(url(), log)
    cable.cut()
    for (let n = 0; n < 5; n += 1) await expect(redis.get('any')).rejects.toThrow()
    const back = once(redis, 'ready')
    cable.mend()
    await back
    expect(await redis.get(`${stores.keyPrefix}nothing`)).toBeNull()
    expect(lines).toEqual(['Redis is lost', 'Redis is back'])
    await close()
  })

  test('with nobody there it says so, and closing needs nobody either', async () => {
    const { lines, log } = testLog()
    const { redis, close } = await redisConnection(url(), log)
    cable.cut()
    await expect(redis.get('any')).rejects.toThrow()
    await close()
    await expect(redisConnection(url(), log)).rejects.toThrow('Redis does not answer')
    expect(lines).toEqual(['Redis is lost'])
  })
})

describe('the connection to MongoDB', () => {
  let cable: TcpProxy
  beforeEach(async () => {
    cable = await tcpProxyTo(Number(new URL(stores.mongodbUri).port))
  })
  afterEach(() => cable.close())
  /** Straight through the cable: the replica set would tell the way around it. */
  const uri = () => {
    const address = new URL(stores.mongodbUri)
    address.port = String(cable.port)
    address.search = '?directConnection=true'
    return address.href
  }

  test('writes wait for a majority, and are sent once more when the connection broke', async () => {
    const { connection, close } = await mongoConnection(uri(), testLog().log)
    const { writeConcern, retryWrites } = connection.getClient().options
    expect(writeConcern?.w).toBe('majority')
    expect(retryWrites).toBe(true)
    await close()
  })

  test('an outage rejects, is logged once and passes', async () => {
    const { lines, log } = testLog()
    const { connection, close } = await mongoConnection(uri(), log)
    const things = connection.collection('things')
    await things.insertOne({ whole: true })
    cable.cut()
    for (let n = 0; n < 2; n += 1) await expect(things.findOne()).rejects.toThrow()
    const back = once(connection, 'reconnected')
    cable.mend()
    await back
    expect(await things.countDocuments()).toBe(1)
    expect(lines).toEqual(['MongoDB is lost', 'MongoDB is back'])
    await close()
    expect(lines).toHaveLength(2)
  })

  test('with nobody there it says so', async () => {
    cable.cut()
    await expect(mongoConnection(uri(), testLog().log)).rejects.toThrow('MongoDB does not answer')
  })
})
