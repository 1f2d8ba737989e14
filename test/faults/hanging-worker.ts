import mongoose from 'mongoose'
import { policy as policyOf } from '../../config/limits-and-lifetimes.ts'
import { taskWorker } from '../../src/adapters/tasks/task-worker.ts'
import { tasksMongo } from '../../src/adapters/tasks/tasks-mongo.ts'
import { testEncryption } from '../support/test-encryption.ts'

/** A process that abandoned-tasks.test.ts starts and kills. It prints where it is and then hangs. */
const [mongodbUri = '', key = '', where] = process.argv.slice(2)
const connection = await mongoose.createConnection(mongodbUri).asPromise()
const bytes = Buffer.from(key, 'base64')
const queue = await tasksMongo({
  connection,
  encryption: testEncryption(bytes),
  clock: Date.now,
  policy: policyOf().tasks,
})
const hang = (message: unknown) =>
  new Promise<never>(() => {
    console.log(message)
  })

if (where === 'in a task')
  taskWorker({
    queue,
    handlers: { erase: () => hang(where) },
    policy: policyOf().tasks,
    log: console,
  })
else
  await connection.transaction(async (session) => {
    await connection.collection('accounts').insertOne({ name: 'changed' }, { session })
    await queue.insertTasks([{ kind: 'erase', accountId: 'of a transaction' }], session)
    await hang(session.id?.id.toString('hex'))
  })
