import { load } from 'cheerio'
import { registered, signedInAt } from '../support/account-pages.ts'
import { samplePerson } from '../support/people.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { signInFields } from '../support/registering.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform({ env: { LIMITS_SCALE: '60000' } })
})
afterAll(() => platform.close())

const records = ({ html }: FilledPage) => {
  const $ = load(html)
  return $('.entries > li')
    .toArray()
    .map((item) => ({ what: $(item).find('strong').text(), line: $(item).text() }))
}

test('sign-ins and security events are listed in words, newest first', async () => {
  const person = await registered(platform, samplePerson())
  const exam = personAtForms()
  const login = await exam.open(`${platform.exam.url}/login`)
  await exam.send(login, signInFields(person))
  await signedInAt(platform, { ...person, password: 'not that one' })
  const { at, page } = await signedInAt(platform, person, '/account/password')
  const wanted = 'another staple 4711'
  const fields = { presentPassword: person.password, password: wanted, passwordAgain: wanted }
  await at.send(page, { ...fields, presentPassword: 'not that one' })
  await at.send(page, fields)
  const listed = records(await at.open(`${platform.issuer}/account/records`))
  expect(listed.map(({ what }) => what)).toEqual([
    '修改密码',
    '原密码输入不正确，或尝试次数过多',
    '登录成功',
    '登录失败：密码不正确，或尝试次数过多',
    '登录成功',
    '注册成功',
  ])
  expect(listed[2]?.line).toContain('（用户信息维护）')
  expect(listed[4]?.line).toMatch(/（考生服务系统）\s*\d{4}年\d+月\d+日.* · 127\.0\.0\.1/)
})

test('an account’s records contain no events of other accounts', async () => {
  const [one, other] = [
    await registered(platform, samplePerson()),
    await registered(platform, samplePerson()),
  ]
  await signedInAt(platform, one)
  const { page } = await signedInAt(platform, other, '/account/records')
  expect(records(page)).toHaveLength(2)
})
