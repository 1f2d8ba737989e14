import { until } from '../../sandbox/ports.mjs'
import type { TestPlatform } from './platform.ts'

/** Notices that nobody has tried to send yet, or somebody is about to; the others wait for a later hour. */
const underWay = {
  kind: 'sms',
  sealed: { $exists: true },
  $or: [{ attempts: 0 }, { lease: { $exists: true } }],
}

/** What was answered before has left nothing on its way: no code that a page doesn't wait for, no notice. */
export async function settled(platform: Pick<TestPlatform, 'settled' | 'stores'>) {
  await platform.settled()
  const tasks = platform.stores.mongodb.collection('tasks')
  const none = async () => (await tasks.countDocuments(underWay)) === 0
  await until(none, { seconds: 60, what: 'the queue' })
}

/** How often all that was answered before has asked each of the outside services. */
export async function callsOf(
  platform: Pick<TestPlatform, 'settled' | 'stores' | 'simulator'>,
): Promise<Readonly<Record<'bank' | 'sms' | 'registry' | 'phones', number>>> {
  await settled(platform)
  return platform.simulator('GET', '/calls')
}
