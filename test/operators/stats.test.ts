import type { Policy } from '../../config/limits-and-lifetimes.ts'
import { demoHours } from '../../sandbox/demo-week/week.ts'
import { until } from '../../sandbox/ports.mjs'
import { lastDays } from '../../src/people/calendar.ts'
import { roles } from '../../src/people/operator.ts'
import { operatorsOf } from '../support/console.ts'
import { countedBy, countersOf } from '../support/counted.ts'
import { samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { register, signInFields, withCode } from '../support/registering.ts'

const limitAlarm = { hits: 100, look: 0.2 } as unknown as Policy['operators']['limitAlarm']

let platform: TestPlatform
let desk: Awaited<ReturnType<typeof operatorsOf>>
let counted: Awaited<ReturnType<typeof countedBy>>
beforeAll(async () => {
  platform = await testPlatform({
    policy: (usual) => ({ ...usual, operators: { ...usual.operators, limitAlarm } }),
  })
  desk = await operatorsOf(platform)
  counted = await countedBy(platform)
})
afterAll(async () => {
  await counted.counters.stop()
  await platform.close()
})

test('journeys are counted: steps, bank checks, messages, sign-ins, clients and limits', async () => {
  const at = personAtForms()
  const person = samplePerson()
  const done = await register(platform, at, person, `${platform.exam.url}/register`)
  const login = await at.open(new URL(String(done.link('返回业务系统登录')), done.url).href)
  const wrong = await at.send(login, { ...signInFields(person), password: 'a wrong password' })
  expect(wrong.status).toBe(422)
  expect((await at.send(wrong, signInFields(person))).url.href).toBe(`${platform.exam.url}/`)

  // Nobody put this card into the bank; the next code is asked for within a minute.
  const other = personAtForms()
  const { page, fields } = await withCode(platform, other, samplePerson())
  const refused = await other.send(page, fields)
  expect((await other.send(refused, fields, 'send')).status).toBe(429)
  expect((await other.send(refused, {})).status).toBe(422)

  // A process that stops stores what it has counted.
  await platform.restart()
  expect(await counted.today('flow-steps')).toEqual({
    'register start begun': 2,
    'register login passed': 2,
    'register identity passed': 2,
    'register bank sent': 2,
    'register bank passed': 1,
    'register bank refused': 1,
    'register bank limited': 1,
    'register bank invalid': 1,
  })
  expect(await counted.today('bank-checks')).toEqual({
    '招商银行 match': 1,
    '招商银行 no_record': 1,
  })
  expect(await counted.today('sms')).toMatchObject({ 'code sent': 2, 'code used': 1 })
  expect(await counted.today('sign-ins')).toEqual({ wrong: 1, password: 1 })
  expect(await counted.today('client-sign-ins')).toEqual({ [platform.exam.clientId]: 1 })
  // The pauses of the phone and of the browser end within the same second.
  const limits = Object.entries(await counted.today('limits'))
  expect(limits).toEqual([[expect.stringMatching(/^sms\.(browser-)?pause$/), 1]])
})

/** The page of an operator, with its tables as rows of words. */
async function statsPage(role: (typeof roles)[number], days: string) {
  const browser = await desk.signedIn(await desk.newOperator(role))
  const { $, status } = await browser.get(`/stats${days}`)
  const cells = (row: Parameters<typeof $>[0]) =>
    $(row)
      .find('th, td')
      .toArray()
      .map((cell) => $(cell).text())
  return {
    $,
    status,
    table: (title: string) => $(`[aria-label="数据表：${title}"] tr`).toArray().map(cells),
    chosen: $('.ranges [aria-current]').text(),
  }
}

test('运行状况 has a picture with a title and the same numbers as a table, for every role and range', async () => {
  const now = Date.now()
  const { from } = lastDays(7, now)
  let time = from
  const demo = await countersOf(platform.stores.mongodb, () => time)
  demoHours(demo, { from, now }, (hour) => {
    time = hour
  })
  await demo.stop()

  for (const [index, role] of roles.entries()) {
    const days = ['', '?days=7', '?days=30', '?days=2'][index] ?? ''
    const page = await statsPage(role, days)
    expect([role, page.status]).toEqual([role, 200])
    expect(page.chosen).toBe(['今天', '近7天', '近30天', '今天'][index])
    const { $ } = page
    for (const svg of $('svg[role=img]').toArray())
      expect($(`#${$(svg).attr('aria-labelledby')}`).text()).not.toBe('')
    expect($('svg[role=img]').length).toBeGreaterThanOrEqual(5)
    expect($('figure').length).toBe(
      $('figure .table').length + $('figure:not(:has(.table))').length,
    )
  }

  const { $, table } = await statsPage('support', '?days=7')
  const steps = await counted.counters.read('flow-steps', 'day', lastDays(7, now))
  const sum = (step: string, outcome: string) =>
    steps
      .filter((one) => one.flow === 'register' && one.step === step && one.outcome === outcome)
      .reduce((all, { count }) => all + count, 0)
      .toLocaleString('zh-CN')
  const funnel = table('个人用户注册')
  expect(funnel.map((row) => row.slice(0, 2))).toEqual([
    ['步骤', '通过人次'],
    ['打开注册页面', sum('start', 'begun')],
    ['填写登录信息', sum('login', 'passed')],
    ['填写身份信息', sum('identity', 'passed')],
    ['填写验证信息（注册成功）', sum('bank', 'passed')],
  ])
  expect($('svg[aria-labelledby=register-picture] text.end').last().text()).toContain(
    sum('bank', 'passed'),
  )
  expect(table('各时段登录')).toHaveLength(8)
  expect(table('各银行核验结果').map(([bank]) => bank)).toContain('深圳农村商业银行')
  expect(table('触发最多的限制').map(([limit]) => limit)).toContain('登录：同一地址')
  expect(table('预算使用情况').map(([, used, amount]) => [used, amount])).toContainEqual([
    '2',
    '20,000',
  ])
  expect(table('等待处理的任务').map(([task]) => task)).toContain('注销账户')
  expect(table('依赖的服务')).toEqual([
    ['服务', '状态'],
    ['MongoDB 数据库', '正常'],
    ['Redis 数据库', '正常'],
    ['银行核验服务', '正常'],
    ['短信网关', '正常'],
    ['单位登记核验服务', '正常'],
    ['号码在网时长服务', '正常'],
  ])
})

test('a limit of networks that refuses 100 attempts in an hour is a 提醒 of the security operators, once', async () => {
  const now = await countersOf(platform.stores.mongodb, Date.now)
  now.add('limits', { limit: 'sms.network' }, 100)
  now.add('limits', { limit: 'existence.network' }, 99)
  now.add('limits', { limit: 'sms.phone' }, 1000)
  await now.stop()
  const browser = await desk.signedIn(await desk.newOperator('security'))
  const alerts = async () => {
    const { $ } = await browser.get('/')
    const texts = $('.entries p:first-child')
      .toArray()
      .map((element) => $(element).text())
    return texts.filter((text) => text.includes('拒绝次数异常'))
  }
  await until(
    async () => (await alerts()).some((text) => text.startsWith('短信验证码：同一网络')),
    {
      ...{ seconds: 60, what: '提醒' },
    },
  )
  // Another process finds the same numbers.
  await platform.restart()
  const read = await alerts()
  expect(read.filter((text) => text.startsWith('短信验证码：同一网络'))).toHaveLength(1)
  expect(read.filter((text) => /^(查询用户名|短信验证码：同一手机号)/.test(text))).toEqual([])
})
