import { policy as policyOf } from '../../config/limits-and-lifetimes.ts'
import { until } from '../../sandbox/ports.mjs'
import { casesMongo } from '../../src/adapters/mongo/cases-mongo.ts'
import type { operatorsOf } from './console.ts'
import { documentTyped, type SamplePerson } from './people.ts'
import type { TestPlatform } from './platform.ts'

type Desk = Awaited<ReturnType<typeof operatorsOf>>
type Platform = Pick<TestPlatform, 'stores' | 'encryption' | 'messages'>

/** Files a case of this person, as a refusal by the bank does, and returns its number. */
export async function caseOf(platform: Platform, person: SamplePerson): Promise<string> {
  const cases = await casesMongo({
    connection: platform.stores.mongodb,
    encryption: platform.encryption.inMongo,
    clock: Date.now,
    policy: policyOf().cases,
  })
  const { idType: type, idNumber: number, idCountry: country } = person
  const document = { type, number, ...(country && { country }) } as never
  return cases.file({ finding: 'mismatch', document })
}

/** The fields of 人工核验. */
export const counterProofFields = (person: SamplePerson, caseNumber: string) => ({
  name: person.name,
  ...documentTyped(person),
  phone: person.phone,
  ...{ materialOriginal: 'yes', materialBank: 'yes' },
  ...{ caseNumber, reason: '银行登记的姓名无法更正' },
})

/** Asks for 人工核验 and returns the path of its review. */
export async function askCounterProof(
  desk: Desk,
  person: SamplePerson,
  caseNumber: string,
): Promise<string> {
  const support = await desk.signedIn(await desk.newOperator('support'))
  const fields = counterProofFields(person, caseNumber)
  const asked = await support.submit('/counter-proofs', '/counter-proofs', fields)
  if (asked.path !== '/reviews') throw new Error(asked.text)
  const deciding = await desk.signedIn(await desk.newOperator('security'))
  const { $ } = await deciding.get('/reviews')
  const item = $('#waiting ~ .entries > li').filter((_, li) => $(li).text().includes(caseNumber))
  return String(item.last().find('form').attr('action'))
}

/** The newest 核验码 that the phone got. Waits for the first one. */
export async function counterCodeFor({ messages }: Platform, phone: string): Promise<string> {
  const codes = async () =>
    (await messages(phone)).filter(
      ({ template }: { template: string }) => template === 'counter-proof',
    )
  await until(async () => (await codes()).length, { seconds: 60, what: 'a 核验码' })
  return String((await codes())[0]?.params.code)
}

/** Goes through 人工核验 with two operators and returns the 核验码. */
export async function counterProved(
  platform: Platform,
  desk: Desk,
  person: SamplePerson,
): Promise<string> {
  const review = await askCounterProof(desk, person, await caseOf(platform, person))
  const security = await desk.signedIn(await desk.newOperator('security'))
  await security.submit('/reviews', review, { reason: '材料齐全', action: 'approve' })
  return counterCodeFor(platform, person.phone)
}
