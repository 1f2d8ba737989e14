import { until } from '../../sandbox/ports.mjs'
import { signedInAt } from '../support/account-pages.ts'
import { killAtEveryChange } from '../support/kill-at-every-change.ts'
import { type KillablePlatform, killablePlatform } from '../support/killable-platform.ts'
import { type SamplePerson, samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { newPassword, toResetStep } from '../support/recovering.ts'
import { register } from '../support/registering.ts'

jest.setTimeout(600_000)

let platform: KillablePlatform
beforeAll(async () => {
  platform = await killablePlatform()
})
afterAll(() => platform.close())

const changedPassword = 'a brand new passphrase'

/** A person who is signed in with the old password, before the last button of 重置密码. */
async function atLastButton() {
  const person = samplePerson()
  await platform.issueCard(person)
  await register(platform, personAtForms(), person)
  const signedIn = await signedInAt(platform, person)
  const at = personAtForms()
  const reset = await toResetStep(platform, at, person)
  return { person, old: signedIn.at, press: () => at.send(reset, newPassword(changedPassword)) }
}
type Scene = Awaited<ReturnType<typeof atLastButton>>

const changed: SamplePerson[] = []

/** Expects that pressing again completes the reset: the new password signs in, and the session from before has ended. */
async function expectCompletion({ person, old, press }: Scene, moment: string) {
  const done = await press()
  expect([moment, done.heading, done.faults]).toEqual([moment, '重置成功', []])
  const account = await platform.accounts.findByUsername(person.username)
  expect([moment, account?.version]).toEqual([moment, 2])
  expect([moment, (await old.open(`${platform.issuer}/account`)).heading]).toEqual([moment, '登录'])
  const { page } = await signedInAt(platform, { ...person, password: changedPassword })
  expect([moment, page.heading]).toEqual([moment, '用户信息'])
  changed.push(person)
}

const notices = async ({ phone }: SamplePerson) => {
  const messages: { template: string }[] = await platform.messages(phone)
  return messages.map(({ template }) => template).filter((template) => template !== 'code')
}

test('a reset during which the process is killed at any change is completed by a second press, and the phone is notified', async () => {
  const moments = await killAtEveryChange(platform, {
    from: 'now',
    first: 3,
    setUp: atLastButton,
    act: ({ press }) => press(),
    check: expectCompletion,
  })
  // The changes are at least the account with its notice, the end of its sessions, the cleared counters, and the event.
  expect(moments).toBeGreaterThan(6)
  for (const person of changed) {
    await until(async () => (await notices(person)).length, { seconds: 60, what: 'SMS' })
    // The queue promises delivery at least once. test/journeys/password-recovery tests that the notice is stored once.
    expect(new Set(await notices(person))).toEqual(new Set(['password-reset']))
  }
})
