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

/** A unit whose handler is about to be another. */
async function atLastButton() {
  const [unit, next] = [sampleUnit(), successor()]
  const before = await enrolUnit(platform, unit)
  await setQuestions(platform, before)
  await platform.issueCard(next.person)
  await platform.simulator('PUT', '/faults', { sms: 'ok' })
  const at = personAtForms()
  const { page, fields } = await toHandlersCode(platform, at, unit, next)
  const hash = (await accountOf(before)).passwordHash
  // Nobody is told before the process is dead, so that what is told twice was stored twice.
  await platform.simulator('PUT', '/faults', { sms: 'error' })
  return { before, hash, after: next.person, press: () => at.send(page, fields) }
}
type Scene = Awaited<ReturnType<typeof atLastButton>>

async function accountOf({ username }: Pick<SamplePerson, 'username'>) {
  const account = await platform.accounts.findByUsername(username)
  if (!account) throw new Error('no account')
  return account
}

/** What changes together. */
async function stored(scene: Scene) {
  const { name, document, card, phone, passwordHash, questions } = await accountOf(scene.before)
  return {
    ...{ name, number: document.number, card: card.masked, phone },
    samePassword: passwordHash === scene.hash,
    questions: questions?.length,
  }
}

const known = ({ name, idNumber, account, phone }: SamplePerson) => ({
  ...{ name, number: idNumber, card: maskedAccount(account), phone: `+86${phone}` },
})

const scenes: Scene[] = []
const seen = new Set<boolean>()

/** Whole or not at all, whatever the moment was; and the same button finishes it. */
async function isWholeAndRepeats(scene: Scene, moment: string) {
  const { before, after, press } = scene
  const was = { ...known(before), samePassword: true, questions: 3 }
  const is = { ...known(after), samePassword: false, questions: undefined }
  const found = await stored(scene)
  expect([moment, [was, is]]).toEqual([moment, expect.arrayContaining([found])])
  seen.add(found.samePassword)
  const done = await press()
  expect([moment, done.heading, done.faults]).toEqual([moment, '更换成功', []])
  expect([moment, await stored(scene)]).toEqual([moment, is])
  expect([moment, (await accountOf(before)).version]).toEqual([moment, 3])
  scenes.push(scene)
}

test('更换经办人 is all or nothing wherever the process dies, and pressing again finishes it', async () => {
  const moments = await killAtEveryChange(platform, {
    first: 1,
    setUp: atLastButton,
    act: ({ press }) => press(),
    check: isWholeAndRepeats,
  })
  // At least: the event, the account read and changed with its notice, its sessions ended, the code used.
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
