import mongoose from 'mongoose'
import { auditMongo } from '../../src/adapters/audit/audit-mongo.ts'
import { testEncryption } from '../support/test-encryption.ts'

/** A process that killed-audit.test.ts starts and kills. It prints the flow of each event that was acknowledged. */
const [mongodbUri = '', key = '', name] = process.argv.slice(2)
const connection = await mongoose.createConnection(mongodbUri).asPromise()
const bytes = Buffer.from(key, 'base64')
const audit = await auditMongo({
  connection,
  encryption: testEncryption(bytes),
  clock: Date.now,
  keepDays: 365,
  outlets: [],
  log: console,
})
let number = 0
async function recordForEver(): Promise<never> {
  for (;;) {
    number += 1
    const flow = `${name}.${number}`
    await audit.record({ what: 'sms-sent', address: '203.0.113.7', accountId: 'a', flow })
    console.log(flow)
    if (number % 50 === 0) await audit.cover()
  }
}
await Promise.all(Array.from({ length: 5 }, recordForEver))
