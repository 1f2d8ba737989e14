import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import mongoose from 'mongoose'
import { policy as policyOf } from '../../config/limits-and-lifetimes.ts'
import { taskWorker } from '../../src/adapters/tasks/task-worker.ts'
import { tasksMongo } from '../../src/adapters/tasks/tasks-mongo.ts'
import { testClock } from '../support/clock.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

const { tasks: policy } = policyOf()
const key = randomBytes(32)
const program = fileURLToPath(new URL('hanging-worker.ts', import.meta.url))
let stores: TestStores
let worker: ReturnType<typeof taskWorker> | undefined
beforeEach(async () => {
  stores = await testStores()
})
afterEach(() => stores.close())

/** Starts another process on the same store and kills it once it is there. Returns what the process printed. */
async function killedWorker(where: 'in a task' | 'in a transaction'): Promise<string> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', program, stores.mongodbUri, key.toString('base64'), where],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const ended = once(child, 'exit')
  try {
    const [output] = await Promise.race([once(child.stdout, 'data'), ended])
    return String(output).trim()
  } finally {
    child.kill('SIGKILL')
    await ended
  }
}

const queueOf = (clock = Date.now) =>
  tasksMongo({
    connection: stores.mongodb,
    encryption: testEncryption(key),
    clock,
    policy,
  })

test('another process runs the task of a killed process when the lease is over', async () => {
  const { clock, turn } = testClock()
  const queue = await queueOf(clock)
  await queue.add([{ kind: 'erase', accountId: 'of a dead process' }])
  expect(await killedWorker('in a task')).toBe('in a task')
  expect(await queue.claim('erase', 1)).toEqual([])
  turn(2 * policy.lease)
  const done = await new Promise<string>((resolve) => {
    const erase = async ({ accountId }: { accountId: string }) => {
      resolve(accountId)
      return true
    }
    worker = taskWorker({ queue, handlers: { erase }, policy, log: console })
  })
  await worker?.stop()
  expect(done).toBe('of a dead process')
  expect(await stores.mongodb.collection('tasks').countDocuments()).toBe(0)
})

test('a process killed before its commit stores neither the change nor its task', async () => {
  const session = await killedWorker('in a transaction')
  // Without this MongoDB would end the transaction only after some seconds (decision 0254).
  const id = new mongoose.mongo.UUID(session)
  await stores.mongodb.db?.admin().command({ killSessions: [{ id }] })
  expect(await stores.mongodb.collection('accounts').countDocuments()).toBe(0)
  expect(await stores.mongodb.collection('tasks').countDocuments()).toBe(0)
})
