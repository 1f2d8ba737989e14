import mongoose from 'mongoose'
import { isMongoOutage } from '../../src/adapters/mongo/mongo-outage.ts'
import { isRedisOutage } from '../../src/adapters/redis/connection/redis-outage.ts'
import { withOutages } from '../../src/compose/store-outages.ts'
import { Outage } from '../../src/ports/outage.ts'

const { MongoServerError } = mongoose.mongo

const reply = (message: string) => Object.assign(new Error(message), { name: 'ReplyError' })

test.each([
  'MISCONF Errors writing to the AOF file: No space left on device',
  'CLUSTERDOWN The cluster is down',
  'LOADING Redis is loading the dataset in memory',
])('Redis answers %j: an outage', (message) => {
  expect(isRedisOutage(reply(message))).toBe(true)
})

test.each([
  'WRONGTYPE Operation against a key holding the wrong kind of value',
  'NOAUTH Authentication required.',
  'ERR unknown command',
])('Redis answers %j: a fault', (message) => {
  expect(isRedisOutage(reply(message))).toBe(false)
})

const answered = (code: number, labels: readonly string[] = []) =>
  new MongoServerError({ message: 'of a test', code, errorLabels: [...labels] })

test.each([
  ['a full disk', answered(14031)],
  ['no primary', answered(10107)],
  ['a missing write majority', answered(64)],
  ['writes that an administrator has blocked', answered(371)],
  ['a transaction in conflict with another', answered(0, ['TransientTransactionError'])],
  ['a broken connection', new mongoose.mongo.MongoNetworkError('of a test')],
])('MongoDB reports %s: an outage', (_, error) => {
  expect(isMongoOutage(error)).toBe(true)
})

test.each([
  ['a duplicate key', answered(11000)],
  ['a missing right', answered(13)],
  ['a command that it does not know', answered(59)],
])('MongoDB reports %s: a fault', (_, error) => {
  expect(isMongoOutage(error)).toBe(false)
})

test('a port and what it returns reject with an outage or with the fault itself', async () => {
  const lost = reply('LOADING …')
  const fault = new TypeError('a fault')
  const port = withOutages({
    read: async () => Promise.reject(lost),
    write: async () => Promise.reject(fault),
    open: async () => ({ state: 1, close: async () => Promise.reject(lost) }),
  })
  await expect(port.read()).rejects.toThrow(Outage)
  await expect(port.read()).rejects.toMatchObject({ cause: lost, status: 503 })
  await expect(port.write()).rejects.toBe(fault)
  const opened = await port.open()
  expect(opened.state).toBe(1)
  await expect(opened.close()).rejects.toThrow(Outage)
})
