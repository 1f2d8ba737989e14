import { until } from '../../sandbox/ports.mjs'
import type { TestPlatform } from './platform.ts'

/** Selects messages that have not been tried yet or are being sent. All others wait for a later retry. */
const underWay = {
  kind: 'sms',
  sealed: { $exists: true },
  $or: [{ attempts: 0 }, { lease: { $exists: true } }],
}

/** Waits until the requests so far have no deferred work and no unsent first message left. */
export async function settled(platform: Pick<TestPlatform, 'settled' | 'stores'>) {
  await platform.settled()
  const tasks = platform.stores.mongodb.collection('tasks')
  const none = async () => (await tasks.countDocuments(underWay)) === 0
  await until(none, { seconds: 60, what: 'the queue' })
}

/** Returns how often the requests so far called each external service. */
export async function callsOf(
  platform: Pick<TestPlatform, 'settled' | 'stores' | 'simulator'>,
): Promise<Readonly<Record<'bank' | 'sms' | 'registry' | 'phones', number>>> {
  await settled(platform)
  return platform.simulator('GET', '/calls')
}
