import { until } from '../../sandbox/ports.mjs'
import { maskedAccount } from '../../src/people/fields/bank-card.ts'
import { type KillScenario, killAtEveryChange } from './kill-at-every-change.ts'
import type { KillablePlatform } from './killable-platform.ts'
import { cardNumber, type SamplePerson, samplePerson } from './people.ts'
import { personAtForms } from './person-at-forms.ts'
import { register } from './registering.ts'

/** A person before the last button of a flow. `press` presses it and returns the heading of the page. */
type Scene = {
  readonly before: SamplePerson
  readonly after: SamplePerson
  press(): Promise<string>
}

/** Registers a person and gives them another name, card and phone at the bank. */
export async function withOtherProof(platform: KillablePlatform, kind?: string) {
  const before = samplePerson()
  const after: SamplePerson = {
    ...before,
    ...{ name: '林·小满', bank: '平安银行', account: cardNumber('623058') },
    phone: samplePerson().phone,
  }
  await register(platform, personAtForms(), before, undefined, kind)
  await platform.issueCard(after, kind)
  return { before, after }
}

/**
 * Kills the process at every change of a store and expects that name, bank, account and phone change together or not at
 * all, that pressing the same button again completes the change, and that both phones are notified once.
 * @param done the heading of the last page
 */
export async function expectAtomicChange(
  platform: KillablePlatform,
  setUp: () => Promise<Scene>,
  done: string,
  first: KillScenario<Scene>['first'],
): Promise<void> {
  const changed: Scene[] = []
  const seen = new Set<string>()
  const sms = (fault: string) => platform.simulator('PUT', '/faults', { sms: fault })
  const toLastPress = async () => {
    await sms('ok')
    const scene = await setUp()
    // No SMS is accepted before the process is dead, so a message that arrives twice was also stored twice.
    await sms('error')
    return scene
  }
  const moments = await killAtEveryChange(platform, {
    first,
    setUp: toLastPress,
    act: ({ press }) => press(),
    check: async (scene, moment) => {
      const { before, after, press } = scene
      const { values } = await storedOf(platform, before)
      const either = expect.arrayContaining([values])
      expect([moment, [valuesOf(before), valuesOf(after)]]).toEqual([moment, either])
      seen.add(values.name === before.name ? 'before' : 'after')
      expect([moment, await press()]).toEqual([moment, done])
      const changedOnce = { version: 2, values: valuesOf(after) }
      expect([moment, await storedOf(platform, before)]).toEqual([moment, changedOnce])
      changed.push(scene)
    },
  })
  // The changes are at least the event, the account with its notices, and the end of its sessions.
  expect(moments).toBeGreaterThan(6)
  expect([...seen]).toEqual(['before', 'after'])
  await sms('ok')
  for (const { before, after } of changed) {
    const [old, present] = [before.phone, after.phone]
    const bothNotified = async () =>
      (await noticesAt(platform, old)).length && (await noticesAt(platform, present)).length
    await until(bothNotified, { seconds: 60, what: 'SMS' })
    expect(await noticesAt(platform, old)).toEqual(['phone-changed-old'])
    expect(await noticesAt(platform, present)).toEqual(['phone-changed'])
  }
}

/** The values that change together. */
const valuesOf = ({ name, bank, account, phone }: SamplePerson) => ({
  name,
  bank,
  card: maskedAccount(account),
  phone: `+86${phone}`,
})

async function storedOf({ accounts }: KillablePlatform, { username }: SamplePerson) {
  const account = await accounts.findByUsername(username)
  if (!account) throw new Error('no account')
  const { name, card, phone, version } = account
  return { version, values: { name, bank: card?.bank, card: card?.masked, phone } }
}

async function noticesAt({ messages }: KillablePlatform, phone: string) {
  const all: { template: string }[] = await messages(phone)
  return all.map(({ template }) => template).filter((template) => template !== 'code')
}
