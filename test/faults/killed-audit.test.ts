import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { until } from '../../sandbox/ports.mjs'
import { testAudit, verified } from '../support/audit.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

const key = randomBytes(32)
let stores: TestStores
beforeAll(async () => {
  stores = await testStores()
})
afterAll(() => stores.close())

/** A process that records events and heads without a pause. `acknowledged` are the flows of stored events. */
function recordingProcess(name: string) {
  const script = fileURLToPath(new URL('recording-process.ts', import.meta.url))
  const typed = [stores.mongodbUri, key.toString('base64'), name]
  const child = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), script, ...typed],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let printed = ''
  child.stdout.on('data', (text) => {
    printed += text
  })
  const acknowledged = () => printed.split('\n').slice(0, -1)
  return {
    acknowledged,
    async killAfter(count: number) {
      await until(async () => acknowledged().length >= count, {
        seconds: 120,
        what: `${count} events`,
      })
      child.kill('SIGKILL')
      await once(child.stdout, 'close')
    },
  }
}

test('processes that record at once and are killed lose no acknowledged event and break no chain; the end of their day covers the rest', async () => {
  const clock = { now: Date.now() }
  const encryption = testEncryption(key)
  const audit = await testAudit(stores, { encryption, clock: () => clock.now })
  const processes = ['a', 'b', 'c'].map(recordingProcess)
  await Promise.all(processes.map((each, index) => each.killAfter(120 + 37 * index)))

  const acknowledged = processes.flatMap((each) => each.acknowledged())
  const events = stores.mongodb.collection('audit')
  const found = await events.distinct('flow', { what: 'sms-sent' })
  expect(acknowledged.filter((flow) => !found.includes(flow))).toEqual([])

  const now = await verified(audit)
  expect(now).toMatchObject({ faults: [], events: await events.countDocuments() })
  expect(now.uncovered.length).toBeGreaterThan(0)

  // Two days later, so that a midnight during the test makes no difference.
  clock.now += 2 * 24 * 3600 * 1000
  await audit.keepHouse()
  expect(await verified(audit)).toMatchObject({ faults: [], uncovered: [], events: now.events })

  // The first retention ends, and the events go; their heads say why.
  clock.now += 366 * 24 * 3600 * 1000
  const another = await testAudit(stores, { encryption, clock: () => clock.now })
  await Promise.all([audit.keepHouse(), another.keepHouse()])
  const removals = await events.find().toArray()
  const days = new Set(removals.map((event) => event['target']))
  expect(removals.map((event) => event['what'])).toEqual(removals.map(() => 'audit-removed'))
  expect([removals.length > 0, days.size]).toEqual([true, removals.length])
  const left = await verified(audit)
  expect(left).toMatchObject({
    faults: [],
    events: removals.length,
    heads: now.heads + now.uncovered.length,
  })
  expect(left.expiredChains).toBeGreaterThanOrEqual(3)
})
