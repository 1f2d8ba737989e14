import { randomBytes } from 'node:crypto'
import { caseCommand } from '../../src/cli/case-command.ts'
import { commandOf, processOf } from '../support/operator-command.ts'
import { type SamplePerson, samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { withCode } from '../support/registering.ts'

const secrets = {
  DATA_KEYS: `1:${randomBytes(32).toString('base64')}`,
  DIGEST_KEY: randomBytes(32).toString('base64'),
}
const environment = () => ({ MONGODB_URI: platform.stores.mongodbUri, ...secrets })
const { run, done } = commandOf(caseCommand, environment)
const asProcess = processOf('src/cli/case', environment)

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform({ env: secrets })
})
afterAll(() => platform.close())

/** Returns the case number on the page of a person whom the bank refuses. */
async function refusedCase(person: SamplePerson): Promise<string> {
  await platform.issueCard({ ...person, name: '林大满' })
  const at = personAtForms()
  const { page, fields } = await withCode(platform, at, person)
  const [, number] =
    /受理编号 ([2-9A-Z]{4}-[2-9A-Z]{4})/.exec((await at.send(page, fields)).text) ?? []
  if (!number) throw new Error('no number on the page')
  return number
}

const recordedLookUps = () =>
  platform.stores.mongodb.collection('audit').find({ what: 'case-looked-up' }).toArray()

test('the command shows the masked input and the bank’s reason, and records the look-up', async () => {
  const person = samplePerson()
  const number = await refusedCase(person)
  const before = (await recordedLookUps()).length
  const out = await done(number)
  expect(out).toMatch(/^at: +\d{4}-\d\d-\d\dT/)
  expect(out).toMatch(/^finding: +mismatch: the bank holds something else/m)
  expect(out).toMatch(/^name: +林\*\*$/m)
  expect(out).toMatch(new RegExp(`^phone: +${person.phone.slice(0, 3)}\\*{4}\\d{4}$`, 'm'))
  expect(out).toMatch(/^card: +招商银行 6214 \*{4} \*{4} \d{4}$/m)
  for (const word of [person.name, person.idNumber, person.account, person.phone])
    expect(out).not.toContain(word)
  const [lookUp, ...others] = (await recordedLookUps()).slice(before)
  expect([lookUp?.['detail'], others]).toEqual(['command', []])
  expect(await done(number.toLowerCase().replace('-', ' '))).toBe(out)
  expect(await done(...number.split('-'))).toBe(out)
  expect(await asProcess([number])).toEqual({ status: 0, out, errors: '' })
})

test('the command reports an unknown number and wrong arguments', async () => {
  for (const lookUp of [run, asProcess])
    expect(await lookUp(['2222-2222'])).toEqual({
      status: 65,
      out: '',
      errors: 'case: there is none of this number, or it is too old\n',
    })
  for (const typed of [[], ['x'], ['{"$ne":1}'], ['2222-2222', '--all', '1'.repeat(30)]]) {
    const { status, out, errors } = await run(typed)
    expect([typed, status, out]).toEqual([typed, 64, ''])
    expect(errors).toContain('npm run case -- NUMBER')
  }
})

test('the command shows nothing when its keys are not the platform’s', async () => {
  const number = await refusedCase(samplePerson())
  const foreign = { DATA_KEYS: `1:${randomBytes(32).toString('base64')}` }
  const { status, out } = await run([number], { ...environment(), ...foreign })
  expect([status, out]).toEqual([78, ''])
})
