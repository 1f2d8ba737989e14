import { load } from 'cheerio'
import { until } from '../../sandbox/ports.mjs'
import { inChina } from '../../src/people/calendar.ts'
import { testClock } from '../support/clock.ts'
import { operatorsOf, type TestOperator } from '../support/console.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { expectRefusal } from '../support/expect-refusal.ts'
import { samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { withCode } from '../support/registering.ts'
import { callsOf } from '../support/settled.ts'

const { clock, turn } = testClock()
let platform: TestPlatform
let desk: Awaited<ReturnType<typeof operatorsOf>>
let admin: TestOperator
beforeAll(async () => {
  platform = await testPlatform({ clock, processes: 2 })
  desk = await operatorsOf(platform)
  admin = await desk.newOperator('system')
})
afterAll(() => platform.close())

/** The value of a field: the time of China in so many minutes. */
const inMinutes = (minutes: number) =>
  inChina(clock() + minutes * 60_000)
    .toISOString()
    .slice(0, 16)

const zh = '今晚 22:00 至 24:00 系统维护，请致电 12333 <咨询>'
const en = 'Maintenance tonight, 22:00 to 24:00'

async function publish(more: Readonly<Record<string, string>> = {}) {
  const browser = await desk.signedIn(admin)
  const fields = { textZh: zh, textEn: en, level: 'important', from: '', to: inMinutes(120) }
  return browser.submit('/notices', '/notices', { ...fields, ...more })
}

/** The announcements on a page of the citizens. */
async function shownOn(path: string): Promise<readonly string[]> {
  const $ = load((await cookieBrowser().visit(platform.issuer + path)).text)
  const shown = $('.announcements p').toArray()
  return shown.map((one) => $(one).text().trim().replace(/\s+/g, ' '))
}

/** Waits until both processes, which answer in turn, have what one of them changed. */
const everywhere = (expected: readonly string[]) =>
  until(
    async () => {
      const both = [await shownOn('/'), await shownOn('/')]
      return both.every((shown) => JSON.stringify(shown) === JSON.stringify(expected))
    },
    { seconds: 60, what: `the announcements ${expected}` },
  )

test('a published announcement is on every page of the citizens, in their language, until 撤下', async () => {
  const { path, $ } = await publish()
  expect([path, $('.success').text()]).toEqual(['/notices', '公告已发布。'])
  await everywhere([`重要 ${zh}`])
  const pages = [
    '/',
    '/register/organisation',
    '/recover/username',
    '/recover/password',
    '/account',
  ]
  for (const page of pages) expect([page, await shownOn(page)]).toEqual([page, [`重要 ${zh}`]])
  expect(await shownOn('/register?lang=en')).toEqual([`Important ${en}`])

  const browser = await desk.signedIn(admin)
  const { $: list, text } = await browser.get('/notices')
  expect(text).toContain('显示中')
  const action = String(list('form[action$="/withdraw"]').attr('action'))
  const withdrawn = await browser.submit('/notices', action, {})
  expect(withdrawn.$('.success').text()).toBe('公告已撤下。')
  expect(withdrawn.text).toContain('已撤下')
  await everywhere([])
  const token = String(list('input[name=token]').first().attr('value'))
  const again = await browser.post(action, { token })
  expect([again.status, again.$('.summary').text()]).toEqual([
    422,
    expect.stringContaining('已经结束或已被撤下'),
  ])

  const id = action.split('/')[2]
  const events = await platform.stores.mongodb.collection('audit').find({ target: id }).toArray()
  expect(events.map(({ what, operator }) => [what, operator])).toEqual([
    ['notice-published', admin.id],
    ['notice-withdrawn', admin.id],
  ])
})

test('an announcement is shown between its times, the important ones first', async () => {
  await publish({ textZh: '第一', level: 'info' })
  await publish({ textZh: '第二', from: inMinutes(10), to: inMinutes(30) })
  await everywhere(['提示 第一'])
  const { text } = await (await desk.signedIn(admin)).get('/notices')
  expect(text).toContain('未开始')
  turn(11 * 60)
  await everywhere(['重要 第二', '提示 第一'])
  turn(20 * 60)
  await everywhere(['提示 第一'])
  turn(120 * 60)
  await everywhere([])
  // The sign-ins of this test are in the present.
  turn(-151 * 60)
})

test('what is wrong with a form stands beside its fields, and what was typed stays', async () => {
  const empty = await publish({ textZh: '', textEn: ' ', level: 'loud', to: '' })
  expect(empty.status).toBe(422)
  const problems = ['请填写中文内容', '请填写英文内容', '请选择级别', '请填写结束时间']
  for (const problem of problems) expect(empty.text).toContain(problem)
  const { $, text } = await publish({ from: inMinutes(60), to: inMinutes(30), textZh: '保留' })
  expect(text).toContain('结束时间须晚于开始时间')
  expect([$('#textZh').val(), $('#from').val()]).toEqual(['保留', inMinutes(60)])
  expect((await publish({ to: inMinutes(-1) })).text).toContain('结束时间已过')
  expect((await publish({ to: '明天' })).text).toContain('请输入日期和时间')
  expect((await publish({ textZh: '长'.repeat(501) })).text).toContain('500 个字符以内')
})

async function saveBank(bank: string, fields: Readonly<Record<string, string>>) {
  const browser = await desk.signedIn(admin)
  return browser.submit('/banks', `/banks/${encodeURIComponent(bank)}`, fields)
}

/** `08:00`, or on another day `12月1日 08:00`. */
function expectedBack(minutes: number): string {
  const [day, at] = [inMinutes(0), inMinutes(minutes)].map((time) => time.split('T')) as [
    [string, string],
    [string, string],
  ]
  const [, month, date] = at[0].split('-').map(Number)
  return day[0] === at[0] ? at[1] : `${month}月${date}日 ${at[1]}`
}

test.each([60, 24 * 60])(
  'a bank that is suspended for %d minutes is refused before the SMS code, and nobody is asked',
  async (minutes) => {
    const person = samplePerson()
    await platform.issueCard(person)
    const at = personAtForms()
    const { page, fields } = await withCode(platform, at, person)
    const before = await callsOf(platform)
    const period = { from: '', to: inMinutes(minutes), note: '银行通知' }
    const saved = await saveBank(person.bank, { state: 'suspended', ...period })
    expect(saved.$('.success').text()).toBe('已保存：招商银行，暂停。')
    expect(saved.$('#note-bank-4').val()).toBe('银行通知')

    const back = expectedBack(minutes)
    const option = `招商银行（维护中，预计 ${back} 恢复）`
    const view = async () => (await at.open(page.url.href)).options('bank').includes(option)
    const everyProcess = async () => (await view()) && (await view()) && (await view())
    await until(everyProcess, { seconds: 60, what: option })
    // A wrong code and a credit card would be refused later.
    const refused = await at.send(page, { ...fields, smsCode: '000000' })
    const sentence = `该银行核验服务维护中，预计${back}恢复，可更换其他银行的借记卡`
    expectRefusal(refused, 'bank', sentence)
    expect(refused.faults).toEqual([sentence])
    expectRefusal(await at.send(page, fields), 'bank', sentence)
    expect(await callsOf(platform)).toEqual(before)

    expect((await saveBank(person.bank, { state: 'normal', ...period })).text).toContain('现在正常')
    await until(async () => !((await view()) || (await view()) || (await view())), {
      ...{ seconds: 60, what: 'the end of the suspension' },
    })
    expect((await at.send(page, fields)).heading).toBe('注册成功')
    const changes = (detail: string) =>
      platform.stores.mongodb.collection('audit').countDocuments({
        ...{ what: 'maintenance-changed', target: person.bank, operator: admin.id, detail },
      })
    expect(await changes('suspended')).toBeGreaterThan(0)
    expect(await changes('normal')).toBe(await changes('suspended'))
  },
)

test('a suspension needs its end, and its problems stand in the form of the bank', async () => {
  const { status, $ } = await saveBank('工商银行', {
    state: 'suspended',
    from: '',
    to: '',
    note: '',
  })
  expect([status, $('#to-bank-1-fault').text()]).toEqual([422, '错误：请填写结束时间'])
  expect($('.summary a').attr('href')).toBe('#to-bank-1')
  expect((await saveBank('工商银行', {})).text).toContain('请选择正常或暂停')
  const longNote = { state: 'normal', note: '长'.repeat(201) }
  expect((await saveBank('工商银行', longNote)).text).toContain('说明请在 200 个字以内')
})

test('a planned suspension begins and ends by itself', async () => {
  await saveBank('中国银行', {
    state: 'suspended',
    from: inMinutes(10),
    to: inMinutes(20),
    note: '',
  })
  const { text } = await (await desk.signedIn(admin)).get('/banks')
  expect(text).toMatch(/现在正常，.* 至 .* 暂停/)
  const at = personAtForms()
  const { page } = await withCode(platform, at, samplePerson())
  const isSuspended = async () =>
    (await at.open(page.url.href)).options('bank').some((name) => /^中国银行（维护中/.test(name))
  expect(await isSuspended()).toBe(false)
  turn(11 * 60)
  await until(isSuspended, { seconds: 60, what: 'the suspension' })
  turn(10 * 60)
  expect(await isSuspended()).toBe(false)
  turn(-21 * 60)
})
