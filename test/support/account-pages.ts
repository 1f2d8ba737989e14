import type { SamplePerson } from './people.ts'
import { personAtForms } from './person-at-forms.ts'
import type { TestPlatform } from './platform.ts'
import { register, signInFields } from './registering.ts'

type AtForms = ReturnType<typeof personAtForms>

/** Registers the person in a browser of their own, without waiting for the phone's pause afterwards. */
export const registered = async (platform: TestPlatform, person: SamplePerson) => {
  await register(platform, personAtForms(), person)
  return person
}

/** Opens a page below `/account` and signs in on the way; gives that page. */
export async function signedInAt(
  platform: Pick<TestPlatform, 'issuer'>,
  person: SamplePerson,
  path = '/account',
  at: AtForms = personAtForms(),
) {
  const login = await at.open(platform.issuer + path)
  return { at, login, page: await at.send(login, signInFields(person)) }
}
