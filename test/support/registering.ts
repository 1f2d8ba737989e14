import { documentTyped, type SamplePerson } from './people.ts'
import type { personAtForms } from './person-at-forms.ts'
import { fixedAnswer, type TestPlatform } from './platform.ts'

type AtForms = ReturnType<typeof personAtForms>
type Registrar = Pick<TestPlatform, 'issuer' | 'issueCard' | 'codeFor'>

export const loginFields = ({ username, password }: SamplePerson) => ({
  username,
  password,
  passwordAgain: password,
  agreement: 'yes',
  captcha: fixedAnswer,
})

/** The fields of the login page of an authorization request. */
export const signInFields = ({ username, password }: SamplePerson) => ({
  username,
  password,
  captcha: fixedAnswer,
})

export const identityFields = (person: SamplePerson) => {
  const { name, gender, birthdate } = person
  return { name, ...documentTyped(person), gender, birthdate }
}

export const bankFields = ({ bank, account, phone }: SamplePerson) => ({
  bank,
  account,
  phone,
  bankConsent: 'yes',
})

/** Goes through registration up to the page that asks for the bank card. */
export async function toBankStep(
  platform: Registrar,
  at: AtForms,
  person: SamplePerson,
  start?: string,
) {
  const login = await at.open(start ?? `${platform.issuer}/register`)
  const identity = await at.send(login, loginFields(person))
  return at.send(identity, identityFields(person))
}

/** Goes through registration up to the bank card, requests the code and reads it. Returns the page and its input. */
export async function withCode(
  platform: Registrar,
  at: AtForms,
  person: SamplePerson,
  start?: string,
) {
  const bank = await toBankStep(platform, at, person, start)
  const page = await at.send(bank, bankFields(person), 'send')
  return { page, fields: { ...bankFields(person), smsCode: await platform.codeFor(person.phone) } }
}

/** Registers with a card that the bank confirms. Returns the last page. */
export async function register(
  platform: Registrar,
  at: AtForms,
  person: SamplePerson,
  start?: string,
  kind?: string,
) {
  await platform.issueCard(person, kind)
  const { page, fields } = await withCode(platform, at, person, start)
  return at.send(page, fields)
}
