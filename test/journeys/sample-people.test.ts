import { samplePeople, sampleUnits } from '../../sandbox/sample-people.mjs'
import { putSamples } from '../../sandbox/simulator-samples.mjs'
import { chinese } from '../support/expect-refusal.ts'
import { type SamplePerson, samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { withCode } from '../support/registering.ts'
import { sampleUnit, toUnitsCode } from '../support/units.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
  await putSamples(platform.simulatorUrl)
})
afterAll(() => platform.close())

type Typed = (typeof samplePeople)[number]['person'] & { readonly idCountry?: string }

/** Converts a sample person to the input of the pages. */
const typing = ({
  idType,
  idCountry,
  sex,
  name,
  idNumber,
  birthdate,
  bank,
  account,
  phone,
}: Typed): SamplePerson =>
  samplePerson({
    ...{ name, idNumber, birthdate, bank, account, phone },
    idType: idType === '护照' ? 'passport' : 'resident_id',
    ...(idCountry && { idCountry }),
    gender: sex === '男' ? 'male' : 'female',
  })

const refusals: Readonly<Record<string, string>> = {
  高山水: chinese('bank.mismatch'),
  罗知夏: chinese('bank.mismatch'),
  何以安: chinese('bank.mismatch'),
  苏小乔: chinese('bank.notDebit'),
  唐一鸣: chinese('bank.unavailable'),
}

test.each(samplePeople)(
  '$person.name registers or is refused as the simulators’ page describes',
  async ({ person }) => {
    const at = personAtForms()
    const { page, fields } = await withCode(platform, at, typing(person))
    const end = await at.send(page, fields)
    const refused = refusals[person.name]
    if (refused) expect(end.faults.join()).toContain(refused)
    else expect(end.heading).toBe('注册成功')
  },
)

test.each(sampleUnits)('$unit.name registers with its handler', async ({ unit, handler }) => {
  const typed = sampleUnit({
    unitName: unit.name,
    code: unit.code,
    legalRepresentative: typing(unit.legalRepresentative as Typed),
    handler: typing(handler),
  })
  const at = personAtForms()
  const { page, fields } = await toUnitsCode(platform, at, typed)
  const end = await at.send(page, fields)
  expect(end.heading).toBe('注册成功')
})
