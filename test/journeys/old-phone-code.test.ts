import { detailsWithCode, signedInAt } from '../support/account-pages.ts'
import { enrolled } from '../support/enrolled.ts'
import { chinese, expectRefusal } from '../support/expect-refusal.ts'
import { cardNumber, type SamplePerson, samplePerson } from '../support/people.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform({ env: { LIMITS_SCALE: '60000' } })
})
afterAll(() => platform.close())

const permit = () => ({ idType: 'taiwan_permit', idNumber: cardNumber('').slice(0, 8) }) as const

/** The holder of such a document at 用户信息, with other details at the bank and the first code sent. */
async function atDetails(document: Partial<SamplePerson>, different: Partial<SamplePerson>) {
  const before = await enrolled(platform, document)
  const { at } = await signedInAt(platform, before)
  const wanted = { ...before, account: cardNumber('621483'), ...different }
  await platform.issueCard(wanted)
  return { before, at, ...(await detailsWithCode(platform, at, wanted)) }
}
const renamed = () => ({ name: '林大满', phone: samplePerson().phone })

describe('用户信息 for a document that is no nation-wide identifier', () => {
  test('a new name is saved with codes to both phones', async () => {
    const { at, before, page, fields } = await atDetails(permit(), renamed())
    expect(page.has('oldPhoneCode')).toBe(true)
    expect(page.text).toContain('您的证件号码不是全国唯一的')
    expect(page.buttons).toContain('向原手机号码发送短信验证')
    const sent = await at.send(page, fields, 'sendToOldPhone')
    const oldPhoneCode = await platform.codeFor(before.phone)
    const done = await at.send(sent, { ...fields, oldPhoneCode })
    expect(done.heading).toBe('用户信息已保存')
    expect(done.text).toContain('姓名：林大满')
  })

  test('a new name without a right code to the old phone is refused before the bank is asked', async () => {
    const { at, before, page, fields, save } = await atDetails(permit(), renamed())
    const { bank } = await platform.simulator('GET', '/calls')
    expectRefusal(await save(), 'oldPhoneCode', chinese('oldPhoneCode.required'))
    const format = await save({ oldPhoneCode: '12' })
    expectRefusal(format, 'oldPhoneCode', chinese('smsCode.format'))
    // The code to the new phone is not one to the old phone.
    const other = await save({ oldPhoneCode: fields.smsCode })
    expectRefusal(other, 'oldPhoneCode', chinese('smsCode.expired'))
    await at.send(page, fields, 'sendToOldPhone')
    const right = await platform.codeFor(before.phone)
    const wrong = String((Number(right) + 1) % 1_000_000).padStart(6, '0')
    expectRefusal(await save({ oldPhoneCode: wrong }), 'oldPhoneCode', chinese('smsCode.wrong'))
    expect((await platform.simulator('GET', '/calls')).bank).toBe(bank)
    expect((await save({ oldPhoneCode: right })).heading).toBe('用户信息已保存')
  })

  test('a new name with the present phone needs the code to that phone only', async () => {
    const { page, save } = await atDetails(permit(), { name: '林大满' })
    expect(page.has('oldPhoneCode')).toBe(false)
    expect((await save()).heading).toBe('用户信息已保存')
  })

  test('a new phone with the same name needs the code to that phone only', async () => {
    const { page, save } = await atDetails(permit(), { phone: samplePerson().phone })
    expect(page.has('oldPhoneCode')).toBe(false)
    expect((await save()).heading).toBe('用户信息已保存')
  })
})

test('a new name for a nation-wide identifier needs the code to the new phone only', async () => {
  const { page, save } = await atDetails({}, renamed())
  expect(page.has('oldPhoneCode')).toBe(false)
  expect((await save()).heading).toBe('用户信息已保存')
})
