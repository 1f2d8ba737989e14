import { jest } from '@jest/globals'
import { until } from '../../sandbox/ports.mjs'
import { maskedAccount } from '../../src/people/bank-card.ts'
import { atEveryMoment, type KillablePlatform, killablePlatform } from '../support/killable.ts'
import { cardNumber, type SamplePerson, samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { personFields, toCodeStep } from '../support/recovering.ts'
import { bankFields, register } from '../support/registering.ts'

jest.setTimeout(600_000)

let platform: KillablePlatform
beforeAll(async () => {
  platform = await killablePlatform()
})
afterAll(() => platform.close())

/** Somebody who has another name, card and phone at the bank by now than here. */
async function atLastButton() {
  const before = samplePerson()
  const after: SamplePerson = {
    ...before,
    ...{ name: '林·小满', bank: '平安银行', account: cardNumber('623058') },
    phone: samplePerson().phone,
  }
  await platform.simulator('PUT', '/faults', { sms: 'ok' })
  await register(platform, personAtForms(), before)
  await platform.issueCard(after)
  const at = personAtForms()
  const { name, idType, idNumber } = after
  const fields = { ...bankFields(after), name, idType, idNumber }
  const offers = await toCodeStep(platform, at, personFields(before))
  const page = await at.send(await at.send(offers, {}, 'otherPhone'), fields, 'send')
  const smsCode = await platform.codeFor(after.phone)
  // Nobody is told before the process is dead, so that what is told twice was stored twice.
  await platform.simulator('PUT', '/faults', { sms: 'error' })
  return { before, after, press: () => at.send(page, { ...fields, smsCode }) }
}
type Scene = Awaited<ReturnType<typeof atLastButton>>

/** What changes together. */
const known = ({ name, bank, account, phone }: SamplePerson) => ({
  name,
  bank,
  card: maskedAccount(account),
  phone: `+86${phone}`,
})

async function stored({ username }: SamplePerson) {
  const account = await platform.accounts.findByUsername(username)
  if (!account) throw new Error('no account')
  const { name, card, phone, version } = account
  return { version, is: { name, bank: card.bank, card: card.masked, phone } }
}

const told: Scene[] = []
const seen = new Set<string>()

/** Whole or not at all, whatever the moment was; and the same button finishes it. */
async function isWholeAndRepeats(scene: Scene, moment: string) {
  const { before, after, press } = scene
  const { is } = await stored(before)
  expect([moment, [known(before), known(after)]]).toEqual([moment, expect.arrayContaining([is])])
  seen.add(is.name === before.name ? 'before' : 'after')
  const done = await press()
  expect([moment, done.heading, done.faults]).toEqual([moment, '更换成功', []])
  expect([moment, await stored(before)]).toEqual([moment, { version: 2, is: known(after) }])
  told.push(scene)
}

async function notices(phone: string): Promise<readonly string[]> {
  const messages: { template: string }[] = await platform.messages(phone)
  return messages.map(({ template }) => template).filter((template) => template !== 'code')
}

test('更换手机号 is all or nothing wherever the process dies, and pressing again finishes it', async () => {
  const moments = await atEveryMoment(
    platform,
    atLastButton,
    ({ press }) => press(),
    isWholeAndRepeats,
  )
  // At least: the event, the account read and changed with its notices, its sessions ended, the code used.
  expect(moments).toBeGreaterThan(8)
  expect([...seen]).toEqual(['before', 'after'])
  await platform.simulator('PUT', '/faults', { sms: 'ok' })
  for (const { before, after } of told) {
    await until(async () => (await notices(before.phone)).length, { seconds: 60, what: 'SMS' })
    await until(async () => (await notices(after.phone)).length, { seconds: 60, what: 'SMS' })
    expect(await notices(before.phone)).toEqual(['phone-changed-old'])
    expect(await notices(after.phone)).toEqual(['phone-changed'])
  }
})
