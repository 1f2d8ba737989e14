import { fetchUserInfo } from 'openid-client'
import {
  answerOf,
  type Browser,
  callback,
  type relyingParty,
  signIn,
} from '../test/sso/platform.ts'
import { cookieBrowser } from '../test/support/cookie-browser.ts'
import { withCheck } from '../test/support/id-numbers.ts'
import { type SamplePerson, samplePerson } from '../test/support/people.ts'
import { personAtForms } from '../test/support/person-at-forms.ts'
import type { externalServicesAt } from '../test/support/platform.ts'
import { register, signInFields } from '../test/support/registering.ts'

type RelyingParty = Awaited<ReturnType<typeof relyingParty>>
const scope = 'openid profile phone identity'

type Registrar = ReturnType<typeof externalServicesAt> & { readonly issuer: string }

/** A browser that also loads the captcha of every page, since drawing it is part of a page's cost. */
export function browserWithPictures(): Browser {
  const browser = cookieBrowser()
  return {
    ...browser,
    async visit(...request) {
      const page = await browser.visit(...request)
      const [picture] = /\/captcha\/[\w-]+\.png/.exec(page.text) ?? []
      if (picture) await (await browser.request(new URL(picture, page.path.at(-1)))).arrayBuffer()
      return page
    },
  }
}

const days = 20_000
const firstDay = Date.UTC(1950, 0, 1)

/** The nth birthdate and ID number, which is unique. */
export function idOf(n: number): Pick<SamplePerson, 'birthdate' | 'idNumber'> {
  const birthdate = new Date(firstDay + (n % days) * 86_400_000).toISOString().slice(0, 10)
  const sequence = String(2 * Math.floor(n / days) + 1).padStart(3, '0')
  return { birthdate, idNumber: withCheck(`440300${birthdate.replaceAll('-', '')}${sequence}`) }
}

/** Returns the nth person, whose ID number is unique. */
export const candidate = (n: number): SamplePerson => samplePerson(idOf(n))

/** Registers the nth person through all pages. */
export async function registration(platform: Registrar, n: number): Promise<SamplePerson> {
  const person = candidate(n)
  const last = await register(platform, personAtForms(browserWithPictures()), person)
  if (last.heading !== '注册成功')
    throw new Error(`nobody registered: ${last.status} ${last.title}`)
  return person
}

/** Goes from the authorization request through the login page to the tokens, and returns them. */
export async function login(party: RelyingParty, browser: Browser, person: SamplePerson) {
  const { url, tokens } = await party.ask({ scope })
  return tokens(await signIn(browser, url, signInFields(person)))
}

/** Signs in with an existing session: authorization request, code, tokens, userinfo, without any page. */
export async function signInAgain(party: RelyingParty, browser: Browser): Promise<void> {
  const { url, tokens } = await party.ask({ scope })
  const answer = await tokens(answerOf(await browser.visit(url, callback)))
  await fetchUserInfo(party.config, answer.access_token, answer.claims()?.sub ?? '')
}
