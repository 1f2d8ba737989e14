import { digits, documentTyped, type SamplePerson, samplePerson } from './people.ts'
import { type FilledPage, personAtForms } from './person-at-forms.ts'
import { fixedAnswer, type TestPlatform } from './platform.ts'
import { bankFields, loginFields } from './registering.ts'

type AtForms = ReturnType<typeof personAtForms>
type Registrar = Pick<TestPlatform, 'issuer' | 'issueCard' | 'codeFor' | 'simulator'>

/** An invented unit, with all data that its registration asks for. */
export type SampleUnit = {
  readonly unitName: string
  readonly code: string
  readonly legalRepresentative: SamplePerson
  readonly handler: SamplePerson
  /** The username of the unit's account. */
  readonly username: string
  readonly password: string
}

const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'

/** Appends the check character of GB 32100 (powers of 3 modulo 31). It is implemented independently of the code under test. */
function withUnitCheck(seventeen: string): string {
  const sum = [...seventeen].reduce(
    (all, character, at) => all + alphabet.indexOf(character) * (3 ** at % 31),
    0,
  )
  return seventeen + alphabet.charAt((31 - (sum % 31)) % 31)
}

export function sampleUnit(more: Partial<SampleUnit> = {}): SampleUnit {
  return {
    unitName: '深圳市南山样例科技（集团）有限公司',
    code: withUnitCheck(`91440300MA${digits(7)}`),
    legalRepresentative: samplePerson({ name: '欧阳·样例' }),
    handler: samplePerson({ name: '慕容小雨' }),
    username: `unit${digits(10)}`,
    password: `battery staple ${digits(8)}`,
    ...more,
  }
}

/** Puts the unit into the simulated registry. */
export const addToRegistry = (
  platform: Registrar,
  { code, unitName: name, legalRepresentative }: SampleUnit,
) =>
  platform.simulator('PUT', `/registry/organisations/${code}`, {
    name,
    legalRepresentative: legalRepresentative.name,
    legalRepresentativeIdNumber: legalRepresentative.idNumber,
  })

export const unitFields = ({ unitName, code, legalRepresentative }: SampleUnit) => ({
  unitName,
  idType: 'uscc',
  idNumber: code,
  legalRepresentative: legalRepresentative.name,
  legalRepresentativeIdNumber: legalRepresentative.idNumber,
})

export const claimantFields = (person: SamplePerson) => ({
  name: person.name,
  ...documentTyped(person),
})

/** The handler, with the username and password of the unit's account. */
export const loginPersonOf = ({ handler, username, password }: SampleUnit): SamplePerson => ({
  ...handler,
  username,
  password,
})

/** The fields of the first page of the unit's registration. */
export const unitLoginFields = (unit: SampleUnit) => loginFields(loginPersonOf(unit))

export async function toUnitStep(
  platform: Registrar,
  at: AtForms,
  unit: SampleUnit,
  start = `${platform.issuer}/register/organisation`,
) {
  return at.send(await at.open(start), unitLoginFields(unit))
}

export async function toHandlerStep(
  platform: Registrar,
  at: AtForms,
  unit: SampleUnit,
  start?: string,
) {
  await addToRegistry(platform, unit)
  return at.send(await toUnitStep(platform, at, unit, start), unitFields(unit))
}

/** Goes through the unit's registration up to the page that waits for the handler's SMS code. */
export async function toUnitsCode(
  platform: Registrar,
  at: AtForms,
  unit: SampleUnit,
  start?: string,
) {
  const handler = await toHandlerStep(platform, at, unit, start)
  const bank = await at.send(handler, claimantFields(unit.handler))
  const page = await at.send(bank, bankFields(unit.handler), 'send')
  const smsCode = await platform.codeFor(unit.handler.phone)
  return { page, fields: { ...bankFields(unit.handler), smsCode } }
}

/** Registers the unit. Returns the last page. */
export async function registerUnit(
  platform: Registrar,
  unit: SampleUnit,
  at = personAtForms(),
  start?: string,
) {
  await platform.issueCard(unit.handler)
  const { page, fields } = await toUnitsCode(platform, at, unit, start)
  return at.send(page, fields)
}

/** The new handler or legal representative, and the account's new password. */
export type Successor = { readonly person: SamplePerson; readonly password: string }

export const successor = (more: Partial<SamplePerson> = {}): Successor => ({
  person: samplePerson({ name: '诸葛新任', ...more }),
  password: `newly chosen ${digits(8)}`,
})

const passwordFields = ({ password }: Successor) => ({ password, passwordAgain: password })

/** Goes from the page about a person up to the page that waits for the person's SMS code. */
async function toSuccessorsCode(
  platform: Registrar,
  at: AtForms,
  about: FilledPage,
  next: Successor,
) {
  const { person } = next
  const password = await at.send(about, claimantFields(person))
  const bank = await at.send(password, passwordFields(next))
  const page = await at.send(bank, bankFields(person), 'send')
  return { page, fields: { ...bankFields(person), smsCode: await platform.codeFor(person.phone) } }
}

/** Goes through 更换经办人 by the unit's password, up to the page that waits for the code. */
export async function toHandlersCode(
  platform: Registrar,
  at: AtForms,
  { username, password }: SampleUnit,
  next: Successor,
) {
  const start = await at.open(`${platform.issuer}/organisation/handler`)
  const about = await at.send(start, { username, password, captcha: fixedAnswer })
  return toSuccessorsCode(platform, at, about, next)
}

/** Goes through 法定代表人确认 up to the page that waits for the code. */
export async function toRepresentativesCode(
  platform: Registrar,
  at: AtForms,
  unit: SampleUnit,
  next: Successor,
) {
  const start = await at.open(`${platform.issuer}/organisation/legal-representative`)
  const { unitName, idType, idNumber } = unitFields(unit)
  const about = await at.send(start, { unitName, idType, idNumber, captcha: fixedAnswer })
  return toSuccessorsCode(platform, at, about, next)
}
