import { load } from 'cheerio'
import { signedInAt } from '../support/account-pages.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { enrolled, enrolUnit, setQuestions } from '../support/enrolled.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { bankFields } from '../support/registering.ts'
import { sampleUnit } from '../support/units.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform({ env: { LIMITS_SCALE: '60000' } })
})
afterAll(() => platform.close())

/** Reads the overview: its facts by name, and the notes that need attention. */
function overviewOf({ html }: FilledPage) {
  const $ = load(html)
  const section = $('section[aria-labelledby=overview]')
  return {
    facts: Object.fromEntries(
      section
        .find('dt')
        .toArray()
        .map((term) => [$(term).text(), $(term).next().text().trim()]),
    ),
    attention: section
      .find('.attention li')
      .toArray()
      .map((matter) => $(matter).text()),
    links: section
      .find('.attention a')
      .toArray()
      .map((link) => $(link).attr('href')),
    text: section.text(),
  }
}

const windows =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36'

test('用户信息 begins with the masked person, the date and bank of the proof, and the current sessions', async () => {
  const person = await enrolled(platform)
  await signedInAt(platform, person)
  const at = personAtForms(cookieBrowser({ 'user-agent': windows }))
  const { page } = await signedInAt(platform, person, '/account', at)
  expect(page.heading).toBe('用户信息')
  const { facts } = overviewOf(page)
  expect(facts).toMatchObject({
    用户名: person.username,
    姓名: '林**',
    手机号码: `${person.phone.slice(0, 3)}****${person.phone.slice(-4)}`,
    实名核验: expect.stringMatching(/^\d{4}年\d+月\d+日 \d+:\d+，经招商银行核验$/),
    当前登录: '本次登录（Chrome · Windows）、另有 1 处登录 查看',
  })
  for (const hidden of [person.idNumber, person.phone, person.account])
    expect(page.html).not.toContain(hidden)
  // The form is further down on the same page.
  expect(page.link('修改用户信息')).toBe('#change')
  expect(page.has('account')).toBe(true)
})

test('a note about missing security questions disappears once they are set', async () => {
  const person = await enrolled(platform)
  const { at, page } = await signedInAt(platform, person)
  expect(overviewOf(page).attention).toEqual([
    '还没有设置密保问题，忘记密码时少一种找回方式。 现在设置密保问题',
  ])
  expect(overviewOf(page).links).toEqual(['/account/questions'])
  await setQuestions(platform, person)
  await signedInAt(platform, person, '/account', at)
  const later = overviewOf(await at.open(`${platform.issuer}/account`))
  expect(later.attention).toEqual([])
  expect(later.text).toContain('没有需要处理的事项。')
})

test('a new version of the agreement is announced to a person who is already signed in', async () => {
  const person = await enrolled(platform)
  await setQuestions(platform, person)
  const { at, page } = await signedInAt(platform, person)
  expect(overviewOf(page).attention).toEqual([])
  const account = await platform.accounts.findByUsername(person.username)
  await platform.accounts.agree(String(account?.id), { terms: '1', privacy: '1', at: 0 })
  const later = overviewOf(await at.open(`${platform.issuer}/account`))
  expect(later.attention).toEqual([
    '用户协议或隐私政策有新版本，下次登录时请您阅读并同意。 现在阅读',
  ])
  expect(later.links).toEqual(['/terms'])
})

test('a person who has begun a change sees the form and not the overview', async () => {
  const person = await enrolled(platform)
  const { at, page } = await signedInAt(platform, person)
  const refused = await at.send(page, {})
  expect(refused.status).toBe(422)
  const sent = await at.send(page, bankFields(person), 'send')
  for (const begun of [refused, sent]) {
    expect(begun.html).not.toContain('id="overview"')
    expect(begun.text).toMatch(/居民身份证 \d{3}\*+/)
  }
})

test('an organisation sees its full name and its masked code on every page', async () => {
  const unit = sampleUnit()
  const holder = await enrolUnit(platform, unit)
  const { at, page } = await signedInAt(platform, holder)
  const { facts, attention, links } = overviewOf(page)
  expect(facts).toMatchObject({
    单位名称: unit.unitName,
    统一社会信用代码: expect.stringMatching(/^914\*+/),
    经办人: '慕**',
    法定代表人确认: '尚未确认',
  })
  expect(attention[0]).toBe('法定代表人尚未确认本单位账户。 由法定代表人本人确认')
  expect(links[0]).toBe('/organisation/legal-representative')
  expect(page.html).not.toContain(unit.code)
  for (const path of ['details', 'password', 'sign-ins', 'data', 'close']) {
    const { text } = await at.open(`${platform.issuer}/account/${path}`)
    expect(text).toContain(`已登录：${unit.username}（${unit.unitName}）`)
  }
  const data = await at.open(`${platform.issuer}/account/data`)
  expect(data.text).toContain(`${unit.unitName} 914`)
  expect(data.html).not.toContain(unit.code)
})

test('every account page links to all others', async () => {
  const { at } = await signedInAt(platform, await enrolled(platform))
  const names = ['用户信息', '密码管理', '密保工具', '登录与设备', '授权管理']
  const seldom = ['登录记录', '我的数据', '注销账户']
  for (const path of ['details', 'permissions', 'records', 'data', 'close']) {
    const page = await at.open(`${platform.issuer}/account/${path}`)
    const $ = load(page.html)
    expect(
      $('nav.tabs a')
        .toArray()
        .map((tab) => $(tab).text()),
    ).toEqual(names)
    for (const name of seldom) expect(page.link(name)).toBeDefined()
  }
})

test('注销账户 explains its consequences once and has a warning button', async () => {
  const { page } = await signedInAt(platform, await enrolled(platform), '/account/close')
  expect(page.text).toContain(
    '提交后 15 天内登录即可取消注销；满 15 天后，账户和个人信息将被删除，不能恢复。',
  )
  expect(page.text.match(/不能恢复/g)).toHaveLength(1)
  const $ = load(page.html)
  expect($('button.danger').text()).toBe('注销账户')
})
