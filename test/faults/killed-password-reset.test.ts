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

const fresh = 'a brand new passphrase'

/** Somebody who is signed in with the old password, at 重置密码. */
async function atLastButton() {
  const person = samplePerson()
  await platform.issueCard(person)
  await register(platform, personAtForms(), person)
  const signedIn = await signedInAt(platform, person)
  const at = personAtForms()
  const reset = await toResetStep(platform, at, person)
  return { person, old: signedIn.at, press: () => at.send(reset, newPassword(fresh)) }
}
type Scene = Awaited<ReturnType<typeof atLastButton>>

const told: SamplePerson[] = []

/** The same button finishes it: the new password opens, and nobody is signed in with the old one. */
async function isWholeAndRepeats({ person, old, press }: Scene, moment: string) {
  const done = await press()
  expect([moment, done.heading, done.faults]).toEqual([moment, '重置成功', []])
  const account = await platform.accounts.findByUsername(person.username)
  expect([moment, account?.version]).toEqual([moment, 2])
  expect([moment, (await old.open(`${platform.issuer}/account`)).heading]).toEqual([moment, '登录'])
  const { page } = await signedInAt(platform, { ...person, password: fresh })
  expect([moment, page.heading]).toEqual([moment, '用户信息'])
  told.push(person)
}

const notices = async ({ phone }: SamplePerson) => {
  const messages: { template: string }[] = await platform.messages(phone)
  return messages.map(({ template }) => template).filter((template) => template !== 'code')
}

test('重置密码 is finished by the same press wherever the process dies, and the phone is told', async () => {
  const moments = await killAtEveryChange(platform, {
    from: 'now',
    first: 3,
    setUp: atLastButton,
    act: ({ press }) => press(),
    check: isWholeAndRepeats,
  })
  // At least: the account read and changed with its notice, its sessions ended, its waits lifted, the event.
  expect(moments).toBeGreaterThan(6)
  for (const person of told) {
    await until(async () => (await notices(person)).length, { seconds: 60, what: 'SMS' })
    // At least once is what the queue promises; that it is stored once, journeys/password-recovery shows.
    expect(new Set(await notices(person))).toEqual(new Set(['password-reset']))
  }
})
