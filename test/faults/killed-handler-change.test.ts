import { until } from '../../sandbox/ports.mjs'
import { maskedAccount } from '../../src/people/fields/bank-card.ts'
import { enrolUnit, setQuestions } from '../support/enrolled.ts'
import { killAtEveryChange } from '../support/kill-at-every-change.ts'
import { type KillablePlatform, killablePlatform } from '../support/killable-platform.ts'
import type { SamplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { noticesOn } from '../support/phone-notices.ts'
import { sampleUnit, successor, toHandlersCode } from '../support/units.ts'

jest.setTimeout(600_000)

let platform: KillablePlatform
beforeAll(async () => {
  platform = await killablePlatform()
})
afterAll(() => platform.close())

/** A unit before the last button of 更换经办人. */
async function atLastButton() {
  const [unit, next] = [sampleUnit(), successor()]
  const before = await enrolUnit(platform, unit)
  await setQuestions(platform, before)
  await platform.issueCard(next.person)
  await platform.simulator('PUT', '/faults', { sms: 'ok' })
  const at = personAtForms()
  const { page, fields } = await toHandlersCode(platform, at, unit, next)
  const hash = (await accountOf(before)).passwordHash
  // No SMS is accepted before the process is dead, so a message that arrives twice was also stored twice.
  await platform.simulator('PUT', '/faults', { sms: 'error' })
  return { before, hash, after: next.person, press: () => at.send(page, fields) }
}
type Scene = Awaited<ReturnType<typeof atLastButton>>

async function accountOf({ username }: Pick<SamplePerson, 'username'>) {
  const account = await platform.accounts.findByUsername(username)
  if (!account) throw new Error('no account')
  return account
}

/** The stored values that change together. */
async function storedValues(scene: Scene) {
  const { name, document, card, phone, passwordHash, questions } = await accountOf(scene.before)
  return {
    ...{ name, number: document.number, card: card?.masked, phone },
    samePassword: passwordHash === scene.hash,
    questions: questions?.length,
  }
}

const valuesOf = ({ name, idNumber, account, phone }: SamplePerson) => ({
  ...{ name, number: idNumber, card: maskedAccount(account), phone: `+86${phone}` },
})

const scenes: Scene[] = []
const seen = new Set<boolean>()

/** Expects that all values changed or none, and that pressing the same button again completes the change. */
async function expectCompletion(scene: Scene, moment: string) {
  const { before, after, press } = scene
  const old = { ...valuesOf(before), samePassword: true, questions: 3 }
  const changed = { ...valuesOf(after), samePassword: false, questions: undefined }
  const found = await storedValues(scene)
  expect([moment, [old, changed]]).toEqual([moment, expect.arrayContaining([found])])
  seen.add(found.samePassword)
  const done = await press()
  expect([moment, done.heading, done.faults]).toEqual([moment, '更换成功', []])
  expect([moment, await storedValues(scene)]).toEqual([moment, changed])
  expect([moment, (await accountOf(before)).version]).toEqual([moment, 3])
  scenes.push(scene)
}

test('a process killed at any change completes 更换经办人 or changes nothing, and a second press completes it', async () => {
  const moments = await killAtEveryChange(platform, {
    first: 1,
    setUp: atLastButton,
    act: ({ press }) => press(),
    check: expectCompletion,
  })
  // The changes are at least the event, the account with its notice, the end of its sessions, and the used code.
  expect(moments).toBeGreaterThan(8)
  expect(seen).toEqual(new Set([true, false]))
  await platform.simulator('PUT', '/faults', { sms: 'ok' })
  for (const { before, after } of scenes) {
    await until(async () => (await noticesOn(platform, before.phone)).length, {
      seconds: 60,
      what: 'SMS',
    })
    expect(await noticesOn(platform, before.phone)).toEqual(['handler-changed'])
    expect(await noticesOn(platform, after.phone)).toEqual(['code'])
  }
})
