import { signedInAt } from '../support/account-pages.ts'
import { consoleBrowser, lookUp, operatorsOf, type TestOperator } from '../support/console.ts'
import { enrol, enrolled } from '../support/enrolled.ts'
import { digits, documentTyped, type SamplePerson, samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'
import { signInFields, withCode } from '../support/registering.ts'

let platform: TestPlatform
let desk: Awaited<ReturnType<typeof operatorsOf>>
let support: TestOperator
beforeAll(async () => {
  platform = await testPlatform()
  desk = await operatorsOf(platform)
})
beforeEach(async () => {
  support = await desk.newOperator('support')
})
afterAll(() => platform.close())

const events = (accountId: string) =>
  platform.stores.mongodb.collection('audit').find({ accountId }).sort({ at: 1 }).toArray()
const accountOf = async ({ username }: SamplePerson) => {
  const account = await platform.accounts.findByUsername(username)
  if (!account) throw new Error('nobody of that name')
  return account
}

/** The case number on the page of a person whom the bank refuses. */
async function refusedCase(person: SamplePerson): Promise<string> {
  const at = personAtForms()
  const { page, fields } = await withCode(platform, at, person)
  const [, number = ''] = /受理编号 ([2-9A-Z]{4}-[2-9A-Z]{4})/.exec(
    (await at.send(page, fields)).text,
  ) ?? ['']
  return number
}

test('each kind of look-up finds the account, shows it masked, and is an event with its reason', async () => {
  const person = await enrolled(platform)
  const { id } = await accountOf(person)
  const { idType } = documentTyped(person)
  const ways = [
    { by: 'username', value: person.username.toUpperCase() },
    { by: 'document', idType, value: ` ${person.idNumber.toLowerCase()}` },
    { by: 'phone', value: `+86 ${person.phone}` },
    { by: 'account', value: id },
  ]
  const browser = await desk.signedIn(support)
  for (const way of ways) {
    const page = await lookUp(browser, way)
    expect([way.by, page.status, page.path]).toEqual([way.by, 200, '/lookup'])
    expect(page.$('[data-account-id]').attr('data-account-id')).toBe(id)
    const shown = page.$('.results').text()
    for (const masked of [`${[...person.name][0]}**`, `${person.phone.slice(0, 3)}****`, '正常'])
      expect(shown).toContain(masked)
    for (const word of [person.name, person.idNumber, person.phone, person.account, '来电核对'])
      expect(page.text).not.toContain(word)
  }
  const looks = (await events(id)).filter(({ what }) => what === 'account-looked-up')
  expect(looks.map(({ detail, operator, reasonKind }) => [detail, operator, reasonKind])).toEqual(
    ways.map(({ by }) => [by, support.id, 'complaint']),
  )
  expect(JSON.stringify(looks)).not.toContain('来电核对')
})

test('a case leads to the account of its document', async () => {
  const person = samplePerson()
  await platform.issueCard({ ...person, name: '林大满' })
  const number = await refusedCase(person)
  const browser = await desk.signedIn(support)
  expect((await lookUp(browser, { by: 'case', value: number })).text).toContain('没有完全匹配')
  const id = await enrol(platform, person)
  const page = await lookUp(browser, { by: 'case', value: number.toLowerCase() })
  expect(page.$('[data-account-id]').attr('data-account-id')).toBe(id)
})

test('a passport is found whichever country issued it', async () => {
  const idNumber = `K${digits(8)}`
  const document = { type: 'passport', number: idNumber, country: 'FRA' } as const
  const id = await enrol(platform, samplePerson(), { document })
  const page = await lookUp(await desk.signedIn(support), {
    ...{ by: 'document', idType: 'passport', value: idNumber },
  })
  expect(page.$('[data-account-id]').attr('data-account-id')).toBe(id)
  expect(page.text).not.toContain(idNumber)
})

test('what is missing or malformed is refused with 422 beside its field, and is no look-up', async () => {
  const browser = await desk.signedIn(support)
  const wrong = [
    [{ by: 'username', value: '' }, 'value'],
    [{ by: 'phone', value: '12' }, 'value'],
    [{ by: 'document', idType: 'resident_id', value: '110105194912310021' }, 'value'],
    [{ by: 'document', idType: 'none', value: '1' }, 'idType'],
    [{ by: 'username', value: 'some.name', reason: ' ' }, 'reason'],
    [{ by: 'username', value: 'some.name', reasonKind: 'x' }, 'reasonKind'],
    [{ by: 'x', value: 'some.name' }, 'by'],
  ] as const
  for (const [fields, field] of wrong) {
    const page = await lookUp(browser, fields)
    expect([fields, page.status, page.$(`#${field}-fault`).length]).toEqual([fields, 422, 1])
  }
  const looks = platform.stores.mongodb.collection('audit')
  expect(await looks.countDocuments({ operator: support.id })).toBe(0)
  const page = await browser.get('/lookup')
  expect(page.$('#reasonKind option[selected]').length || page.$('#reasonKind').val()).toBe('call')
})

test('a look-up without a result is an event too, and the 31st in an hour answers 429 and alerts', async () => {
  const security = await desk.newOperator('security')
  const browser = await desk.signedIn(support)
  const nobody = { by: 'username', value: 'nobody.of.this.name' }
  for (let count = 0; count < 30; count += 1)
    expect((await lookUp(browser, nobody)).status).toBe(200)
  const looks = platform.stores.mongodb.collection('audit')
  expect(await looks.countDocuments({ operator: support.id, what: 'account-looked-up' })).toBe(30)
  for (let count = 0; count < 2; count += 1) {
    const over = await lookUp(browser, nobody)
    expect([over.status, Number(over.headers.get('retry-after')) > 3000]).toEqual([429, true])
  }
  expect((await lookUp(await desk.signedIn(security), nobody)).status).toBe(200)
  const home = await (await desk.signedIn(security)).get('/')
  const alerts = home.$('.entries').text()
  expect(alerts.split(`${support.username} 一小时内的用户查询次数已用完`)).toHaveLength(2)
})

test('the citizen sees each look with time and 事由类别, and neither name nor address of the operator', async () => {
  const person = await enrolled(platform)
  const { id } = await accountOf(person)
  const browser = await desk.signedIn(support)
  const found = await lookUp(browser, { by: 'account', value: id })
  const link = found.$('a:contains(查看记录)').attr('href') ?? ''
  const records = await browser.get(link)
  expect(records.$('td').text()).toContain('查询用户')
  const { page, at } = await signedInAt(platform, person, '/account/records')
  const entries = page.text.split('工作人员查询了您的账户信息')
  expect(entries).toHaveLength(3)
  for (const entry of entries.slice(1)) expect(entry).toMatch(/投诉核查/)
  for (const word of [support.name, support.username, support.id, '来电核对'])
    expect(page.html).not.toContain(word)
  const data = await at.open(`${platform.issuer}/account/data`)
  const download = await at.send(data, { presentPassword: person.password, captcha: fixedAnswer })
  const { events: own } = JSON.parse(download.html)
  const looks = own.filter(({ what }: { what: string }) => what.startsWith('工作人员查询'))
  expect(looks).toHaveLength(2)
  for (const look of looks) {
    expect(look).toMatchObject({ category: '投诉核查', at: expect.any(String) })
    expect(look).not.toHaveProperty('address')
  }
})

test('解除登录等待 lets the person sign in at once, and needs 事由', async () => {
  const person = await enrolled(platform)
  const { id } = await accountOf(person)
  const wrong = { ...person, password: 'not the password' }
  for (let tries = 0; tries < 5; tries += 1) await signedInAt(platform, wrong)
  expect((await signedInAt(platform, person)).page.status).toBe(429)
  const browser = await desk.signedIn(support)
  const found = await lookUp(browser, { by: 'account', value: id })
  expect(found.$('.results').text()).toMatch(/状态登录受限至 /)
  const { token } = Object.fromEntries(
    found
      .$('.results form input')
      .toArray()
      .map((input) => [
        String(found.$(input).attr('name')),
        String(found.$(input).attr('value') ?? ''),
      ]),
  )
  const unlock = `/lookup/${id}/unlock`
  const refused = await browser.post(unlock, { token: token ?? '', reason: '' })
  expect([refused.status, refused.$('#reason-fault').text()]).toEqual([422, '错误：请填写事由'])
  const done = await browser.post(unlock, { token: token ?? '', reason: '本人来电' })
  expect([done.path, done.$('.success').text().trim()]).toEqual(['/lookup', '已解除登录等待。'])
  expect((await signedInAt(platform, person)).page.status).toBe(200)
  const unlocked = (await events(id)).filter(({ what }) => what === 'account-unlocked')
  expect(unlocked).toMatchObject([{ operator: support.id }])
  const unknown = await browser.post('/lookup/nobody/unlock', { token: token ?? '', reason: 'x' })
  expect(unknown.status).toBe(404)
})

test('结束全部登录 signs the person out everywhere', async () => {
  const person = await enrolled(platform)
  const { id } = await accountOf(person)
  const { at } = await signedInAt(platform, person)
  const exam = personAtForms()
  await exam.send(await exam.open(`${platform.exam.url}/login`), signInFields(person))
  const browser = await desk.signedIn(support)
  const found = await lookUp(browser, { by: 'account', value: id })
  expect(found.$('.results').text()).toContain('考生服务系统')
  const token = String(found.$('.results input[name=token]').attr('value'))
  await browser.post(`/lookup/${id}/end-sessions`, { token, reason: '手机丢失' })
  expect((await at.open(`${platform.issuer}/account`)).heading).toBe('登录')
  expect(await consoleBrowser(platform.adminUrl).get('/lookup')).toMatchObject({ path: '/login' })
})
