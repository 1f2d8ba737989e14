import type { SamplePerson } from './people.ts'
import { personAtForms } from './person-at-forms.ts'
import type { TestPlatform } from './platform.ts'
import { bankFields, register, signInFields } from './registering.ts'

type AtForms = ReturnType<typeof personAtForms>
type Registered = Pick<TestPlatform, 'issuer' | 'issueCard' | 'codeFor'>

/** Registers the person in a new browser. */
export const registered = async (platform: Registered, person: SamplePerson) => {
  await register(platform, personAtForms(), person)
  return person
}

/** Opens a page below `/account`, signs in on the way, and returns that page. */
export async function signedInAt(
  platform: Pick<TestPlatform, 'issuer'>,
  person: SamplePerson,
  path = '/account',
  at: AtForms = personAtForms(),
) {
  const login = await at.open(platform.issuer + path)
  return { at, login, page: await at.send(login, signInFields(person)) }
}

export const isSignedIn = async (platform: Pick<TestPlatform, 'issuer'>, at: AtForms) =>
  (await at.open(`${platform.issuer}/account`)).heading === '用户信息'

/** Fills in 用户信息 and requests and reads the SMS code, so that only 保存 remains to be pressed. */
export async function detailsWithCode(
  platform: Registered,
  at: AtForms,
  wanted: SamplePerson,
  typed: Readonly<Record<string, string>> = {},
) {
  const page = await at.open(`${platform.issuer}/account/details`)
  const fields = { name: wanted.name, ...bankFields(wanted), ...typed }
  const sent = await at.send(page, fields, 'send')
  const smsCode = await platform.codeFor(wanted.phone)
  return {
    page: sent,
    fields: { ...fields, smsCode },
    save: (more = {}) => at.send(sent, { ...fields, smsCode, ...more }),
  }
}
