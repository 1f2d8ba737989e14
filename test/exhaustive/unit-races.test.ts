import { enrolUnit } from '../support/enrolled.ts'
import { chinese } from '../support/expect-refusal.ts'
import { samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { noticesOn, untilNoticeOn } from '../support/phone-notices.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import {
  addToRegistry,
  sampleUnit,
  successor,
  toHandlersCode,
  toRepresentativesCode,
  toUnitsCode,
} from '../support/units.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform({ env: { LIMITS_SCALE: '60000' }, processes: 2 })
})
afterAll(() => platform.close())

const accounts = () => platform.stores.mongodb.collection('accounts').countDocuments()
const bankChecks = async () => (await platform.simulator('GET', '/calls')).bank

test('50 concurrent registrations of one unit code create one account and explain the refusal to the others', async () => {
  const { code, legalRepresentative } = sampleUnit()
  const before = await accounts()
  const ready = []
  for (let n = 0; n < 50; n += 1) {
    const unit = sampleUnit({ code, legalRepresentative })
    await platform.issueCard(unit.handler)
    const at = personAtForms()
    ready.push({ at, ...(await toUnitsCode(platform, at, unit)) })
  }
  const pages = await Promise.all(ready.map(({ at, page, fields }) => at.send(page, fields)))
  const seen = pages.map(({ heading, faults }) => [heading, ...faults].join(': '))
  expect(seen.filter((each) => each === '注册成功')).toHaveLength(1)
  expect(seen.filter((each) => each === '填写单位信息: 证件已被使用')).toHaveLength(49)
  expect(await accounts()).toBe(before + 1)
})

/** A registered unit whose handler has received no notice yet. */
async function registeredUnit() {
  const unit = sampleUnit()
  const before = await enrolUnit(platform, unit)
  return { unit, before }
}

test('one of 20 concurrent changes of the handler succeeds, and the previous handler receives one notice', async () => {
  const { unit, before } = await registeredUnit()
  const ready = []
  for (let n = 0; n < 20; n += 1) {
    const next = successor()
    await platform.issueCard(next.person)
    const at = personAtForms()
    ready.push({ at, next, ...(await toHandlersCode(platform, at, unit, next)) })
  }
  const pages = await Promise.all(ready.map(({ at, page, fields }) => at.send(page, fields)))
  const seen = pages.map(({ heading, faults }) => [heading, ...faults].join(': '))
  const stale = `验证单位账户: ${chinese('organisation.stale')}`
  expect(seen.filter((each) => each === '更换成功')).toHaveLength(1)
  expect(seen.filter((each) => each === stale)).toHaveLength(19)
  const winner = ready[seen.indexOf('更换成功')]?.next.person
  expect(await platform.accounts.findByUsername(unit.username)).toMatchObject({
    version: 2,
    document: { number: winner?.idNumber },
    phone: `+86${winner?.phone}`,
  })
  await untilNoticeOn(platform, before.phone, 'handler-changed')
  expect(await noticesOn(platform, before.phone)).toEqual(['handler-changed'])
})

test.each([
  ['更换成功', toHandlersCode],
  ['确认成功', toRepresentativesCode],
])(
  '20 concurrent presses of the last button lead to %s with one bank check, one change and one notice',
  async (heading, toLastCode) => {
    const { unit, before } = await registeredUnit()
    const next = { ...successor(), person: unit.legalRepresentative }
    await platform.issueCard(next.person)
    await addToRegistry(platform, unit)
    const at = personAtForms()
    const { page, fields } = await toLastCode(platform, at, unit, next)
    const asked = await bankChecks()
    const pages = await Promise.all(Array.from({ length: 20 }, () => at.send(page, fields)))
    expect(new Set(pages.map((each) => each.heading))).toEqual(new Set([heading]))
    expect(await bankChecks()).toBe(asked + 1)
    expect(await platform.accounts.findByUsername(unit.username)).toMatchObject({ version: 2 })
    await untilNoticeOn(platform, before.phone, 'handler-changed')
    expect(await noticesOn(platform, before.phone)).toEqual(['handler-changed'])
  },
  60_000,
)

test('the legal representative takes precedence over a concurrent change of the handler', async () => {
  const { unit } = await registeredUnit()
  const [representative, rival] = [
    { ...successor(), person: unit.legalRepresentative },
    { ...successor(), person: samplePerson() },
  ]
  for (const { person } of [representative, rival]) await platform.issueCard(person)
  await addToRegistry(platform, unit)
  const [one, two] = [personAtForms(), personAtForms()]
  const ofRival = await toHandlersCode(platform, one, unit, rival)
  const ofRepresentative = await toRepresentativesCode(platform, two, unit, representative)
  const [, confirmed] = await Promise.all([
    one.send(ofRival.page, ofRival.fields),
    two.send(ofRepresentative.page, ofRepresentative.fields),
  ])
  expect(confirmed.heading).toBe('确认成功')
  const account = await platform.accounts.findByUsername(unit.username)
  expect(account).toMatchObject({
    name: unit.legalRepresentative.name,
    confirmedAt: expect.any(Number),
  })
})
