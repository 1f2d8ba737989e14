import { detailsWithCode, signedInAt } from '../support/account-pages.ts'
import { enrolled } from '../support/enrolled.ts'
import { chinese, expectRefusal } from '../support/expect-refusal.ts'
import { digits, samplePerson } from '../support/people.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'

// These tests sign in, so they run on the real time: oidc-provider has no clock of the tests.
let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform({ env: { LIMITS_SCALE: '60000' } })
})
afterAll(() => platform.close())

const passport = () =>
  samplePerson({
    ...{ idType: 'passport', idCountry: 'DEU', idNumber: `FB${digits(6)}`, name: 'Anna Schmidt' },
  })

describe('签发国家或地区 of the signed-in person', () => {
  test('is shown on the account pages, the number masked', async () => {
    const anna = await enrolled(platform, passport())
    const { at, page } = await signedInAt(platform, anna)
    expect(page.text).toContain(`护照 德国 F*****${anna.idNumber.slice(-2)}`)
    expect((await at.open(`${platform.issuer}/account/data`)).text).toContain('护照 德国')
    expect(page.has('idCountry')).toBe(false)
  })

  test('is asked for in 用户信息 where the account lacks it, which the bank confirms', async () => {
    const { idCountry: _, ...old } = passport()
    const anna = await enrolled(platform, old, {
      document: { type: 'passport', number: old.idNumber },
    })
    await platform.issueCard({ ...anna, idCountry: 'DEU' })
    const { at, page } = await signedInAt(platform, anna)
    expect(page.has('idCountry')).toBe(true)
    expect(page.text).not.toContain('（仅护照填写）')
    const { save } = await detailsWithCode(platform, at, anna, { phone: '' })
    expectRefusal(await save(), 'idCountry', chinese('idCountry.missing'))
    const wrong = await save({ idCountry: 'BRA' })
    expectRefusal(wrong, 'form', chinese('bank.mismatch'))
    expect((await save({ idCountry: 'DEU' })).heading).toBe('用户信息已保存')
    const account = await platform.accounts.findByUsername(anna.username)
    expect(account?.document.country).toBe('DEU')
    expect((await at.open(`${platform.issuer}/account`)).has('idCountry')).toBe(false)
  })
})
