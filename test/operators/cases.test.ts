import { operatorsOf, type TestOperator } from '../support/console.ts'
import { type SamplePerson, samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { withCode } from '../support/registering.ts'

let platform: TestPlatform
let desk: Awaited<ReturnType<typeof operatorsOf>>
let support: TestOperator
beforeAll(async () => {
  platform = await testPlatform()
  desk = await operatorsOf(platform)
  support = await desk.newOperator('support')
})
afterAll(() => platform.close())

/** The case number on the page of a person whom the bank refuses. */
async function refusedCase(person: SamplePerson): Promise<string> {
  await platform.issueCard({ ...person, name: '林大满' })
  const at = personAtForms()
  const { page, fields } = await withCode(platform, at, person)
  const { text } = await at.send(page, fields)
  return /受理编号 ([2-9A-Z]{4}-[2-9A-Z]{4})/.exec(text)?.[1] ?? ''
}

const events = (target: string) =>
  platform.stores.mongodb.collection('audit').find({ target }).sort({ at: 1 }).toArray()

test('a case is opened by the number that the person reads out, masked, and each look is an event', async () => {
  const person = samplePerson()
  const number = await refusedCase(person)
  const browser = await desk.signedIn(support)
  const page = await browser.get(`/cases?number=${number.toLowerCase().replace('-', '')}`)
  expect([page.status, page.path]).toEqual([200, `/cases/${number}`])
  const main = page.$('main').text()
  for (const shown of [
    '银行登记的姓名、证件或手机号码与填写的不一致',
    '林**',
    '待处理',
    '居民身份证',
  ])
    expect(main).toContain(shown)
  for (const word of [person.name, person.idNumber, person.phone, person.account])
    expect(page.text).not.toContain(word)
  expect((await events(number)).map(({ what, operator }) => [what, operator])).toEqual([
    ['case-looked-up', support.id],
  ])
  const unknown = await browser.get('/cases?number=2222-2222')
  expect([unknown.status, unknown.$('#number-fault').text()]).toEqual([
    422,
    '错误：没有该编号的受理单，或者已超过保存期',
  ])
  expect((await browser.get('/cases/2222-2222')).status).toBe(404)
})

test('处理情况 has author and time, the state filters the list, and an empty note is refused', async () => {
  const number = await refusedCase(samplePerson())
  const browser = await desk.signedIn(support)
  const path = `/cases/${number}`
  const empty = await browser.submit(path, path, { note: ' ', state: 'done' })
  expect([empty.status, empty.$('#note-fault').length]).toEqual([422, 1])
  const note = '已请本人携带证件前往银行'
  const saved = await browser.submit(path, path, { note, state: 'working' })
  expect(saved.$('.success').text()).toContain('已保存')
  const entry = saved.$('.entries').text()
  for (const shown of [note, support.name, '年']) expect(entry).toContain(shown)
  const listed = async (state: string) =>
    (await browser.get(`/cases?state=${state}`)).$('tbody a').text().includes(number)
  expect([await listed('working'), await listed('waiting'), await listed('done')]).toEqual([
    ...[true, false, false],
  ])
  const handled = (await events(number)).filter(({ what }) => what === 'case-handled')
  expect(handled).toMatchObject([{ operator: support.id, detail: 'working' }])
  expect(JSON.stringify(handled)).not.toContain('本人')
})
