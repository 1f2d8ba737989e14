import { inChina } from '../../src/people/calendar.ts'
import { operatorsOf, type TestOperator } from '../support/console.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'

let platform: TestPlatform
let desk: Awaited<ReturnType<typeof operatorsOf>>
let auditor: TestOperator
let other: TestOperator
const most = 40
beforeAll(async () => {
  platform = await testPlatform({
    policy: (usual) =>
      ({
        ...usual,
        operators: {
          ...usual.operators,
          auditExport: { ...usual.operators.auditExport, most },
        },
      }) as unknown as typeof usual,
  })
  desk = await operatorsOf(platform)
  auditor = await desk.newOperator('auditor')
  other = await desk.newOperator('auditor')
})
afterAll(() => platform.close())

const events = () => platform.stores.mongodb.collection('audit')
const system = async () => desk.signedIn(await desk.newOperator('system'))
type Browser = Awaited<ReturnType<typeof system>>

/** Saves the maintenance of a bank so many times: an event each. */
async function change(browser: Browser, times: number): Promise<void> {
  const path = `/banks/${encodeURIComponent('民生银行')}`
  for (let time = 0; time < times; time += 1)
    await browser.submit('/banks', path, { state: 'normal', note: '' })
}

const rows = ({ $ }: Awaited<ReturnType<Browser['get']>>) =>
  $('tbody tr')
    .map((_, row) =>
      $(row)
        .find('td, th')
        .map((_at, cell) => $(cell).text())
        .toArray()
        .join('|'),
    )
    .toArray()

test('the auditor filters events by the address, 50 a page, the newest first, and each look is an event', async () => {
  const admin = await desk.newOperator('system')
  await change(await desk.signedIn(admin), 51)
  const browser = await desk.signedIn(auditor)
  const first = await browser.get(`/audit?operator=${admin.username}&what=maintenance-changed`)
  const shown = rows(first)
  expect(shown).toHaveLength(50)
  expect(shown[0]).toContain(`|银行维护|${admin.username}|`)
  expect(shown[0]).toContain('|民生银行|normal|/banks/民生银行|')
  const times = shown.map((row) => row.split('|')[0])
  expect(times).toEqual(times.toSorted().toReversed())
  const next = first.$('main a:contains("下一页")').attr('href') ?? ''
  expect(next).toContain(`operator=${admin.username}&what=maintenance-changed&cursor=`)
  expect(rows(await browser.get(next))).toHaveLength(1)

  const looks = { what: 'audit-searched', operator: auditor.id }
  const [look] = await events().find(looks).toArray()
  expect(look?.['target']).toBe(`operator=${admin.id} what=maintenance-changed`)
  expect(await events().countDocuments(looks)).toBe(2)
})

test('the minute of 结束时间 belongs to the period, and a later one to the next', async () => {
  const admin = await desk.newOperator('system')
  await change(await desk.signedIn(admin), 1)
  const [event] = await events().find({ operator: admin.id }).toArray()
  const minute = (more: number) =>
    inChina(Number(event?.['at']) + more * 60_000)
      .toISOString()
      .slice(0, 16)
  const browser = await desk.signedIn(auditor)
  const found = async (from: string, to: string) =>
    rows(await browser.get(`/audit?operator=${admin.id}&from=${from}&to=${to}`)).length
  expect(await found(minute(0), minute(0))).toBe(1)
  expect(await found(minute(1), minute(2))).toBe(0)
  expect(await found(minute(-2), minute(-1))).toBe(0)
})

test('what is wrong with a filter stands beside its field, a bad cursor is 400, and nothing found says what to do', async () => {
  const browser = await desk.signedIn(auditor)
  const bad = await browser.get('/audit?operator=nobody.here')
  expect([bad.status, bad.$('#operator-fault').text()]).toEqual([
    422,
    '错误：没有这个操作员，请核对用户名',
  ])
  const worse = await browser.get('/audit?from=gestern&what=none')
  expect(worse.$('.fault').length).toBe(2)
  expect((await browser.get('/audit?cursor=x')).status).toBe(400)
  expect((await browser.get('/audit?account=none')).text).toContain('请放宽时间，或减少筛选条件')
})

test('the chain is verified by a button, and the page says when and with which result', async () => {
  const browser = await desk.signedIn(auditor)
  expect((await browser.get('/audit')).text).toContain('还没有校验过')
  const { $, text } = await browser.submit('/audit', '/audit/verify', {})
  expect($('.success').text()).toBe('校验已完成。')
  expect(text).toMatch(/最近校验：.*，结果：完整，没有被篡改/)
  expect(text).toContain(`（${auditor.username}）`)
  const verified = { what: 'audit-verified', operator: auditor.id, detail: 'intact' }
  expect(await events().countDocuments(verified)).toBe(1)
})

test('an export has the events of the filter, is an event itself, and many of a day take a second auditor', async () => {
  const admin = await desk.newOperator('system')
  await change(await desk.signedIn(admin), 15)
  const browser = await desk.signedIn(auditor)
  const page = `/audit?operator=${admin.username}`
  const one = async (format: string) => browser.submit(page, '/audit/export', { format })
  // The concurrent requests have the cookie of one visit, and so the tokens of one.
  await browser.get(page)
  // 40 are allowed, and of concurrent exports none may slip through.
  const answers = await Promise.all([one('csv'), one('ndjson'), one('csv'), one('ndjson')])
  const done = answers.filter(({ status }) => status === 200)
  const over = answers.filter(({ status }) => status === 422)
  expect([done.length, over.length]).toEqual([2, 2])
  expect(over[0]?.text).toContain(`符合条件的有 15 条，24 小时内合计超过 ${most} 条`)
  for (const { headers, text } of done) {
    const format = headers.get('content-type') === 'text/csv; charset=utf-8' ? 'csv' : 'ndjson'
    expect(headers.get('content-disposition')).toMatch(
      new RegExp(`^attachment; filename="audit-\\d{4}-\\d\\d-\\d\\d\\.${format}"$`),
    )
    const lines = text.trim().split(/\r?\n/)
    if (format === 'csv')
      expect(lines.shift()).toMatch(/^\uFEFF?id,at,what,account,client,operator,target/)
    expect(lines).toHaveLength(15)
    for (const line of lines) expect(line).toContain(admin.id)
  }
  const exports = { what: 'audit-exported', operator: auditor.id }
  expect(await events().countDocuments(exports)).toBe(2)

  const token = String(over[0]?.$('form[action="/audit/export"] [name=token]').attr('value'))
  const ask = { token, operator: admin.username, format: 'csv', action: 'ask' }
  const without = await browser.post('/audit/export', { ...ask, reason: '' })
  expect(without.$('#reason-fault').text()).toBe('错误：请填写事由')
  const asked = await browser.post('/audit/export', { ...ask, reason: '年度检查' })
  expect([asked.path, asked.text.includes('已提交复核')]).toEqual(['/reviews', true])

  const deciding = await desk.signedIn(other)
  const waiting = await deciding.get('/reviews')
  expect(waiting.text).toContain('导出审计日志')
  const review = String(waiting.$('#waiting ~ .entries form').attr('action'))
  const id = review.split('/').at(-1)
  expect((await browser.get(`/audit/exports/${id}`)).status).toBe(404)
  await deciding.submit('/reviews', review, { reason: '已核对', action: 'approve' })
  expect((await deciding.get(`/audit/exports/${id}`)).status).toBe(404)
  const link = (await browser.get('/audit')).$(`a[href="/audit/exports/${id}"]`)
  expect(link.text()).toContain('下载 15 条（csv）')
  const file = await browser.get(`/audit/exports/${id}`)
  expect(file.text.trim().split('\r\n')).toHaveLength(16)
  expect(await events().countDocuments(exports)).toBe(3)
})
