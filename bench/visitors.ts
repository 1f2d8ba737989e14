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

/** As a browser does, it gets the captcha of every page, whose drawing is part of what a page costs. */
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

/** The nth person: each has an ID number that nobody else has. */
export function candidate(n: number): SamplePerson {
  const birthdate = new Date(firstDay + (n % days) * 86_400_000).toISOString().slice(0, 10)
  const sequence = String(2 * Math.floor(n / days) + 1).padStart(3, '0')
  const idNumber = withCheck(`440300${birthdate.replaceAll('-', '')}${sequence}`)
  return samplePerson({ birthdate, idNumber })
}

/** Registers the nth person, from the first page to the last. */
export async function registration(platform: Registrar, n: number): Promise<SamplePerson> {
  const person = candidate(n)
  const last = await register(platform, personAtForms(browserWithPictures()), person)
  if (last.heading !== '注册成功')
    throw new Error(`nobody registered: ${last.status} ${last.title}`)
  return person
}

/** From the authorization request through the login page, if it comes, to the tokens; gives what userinfo takes. */
export async function login(party: RelyingParty, browser: Browser, person: SamplePerson) {
  const { url, tokens } = await party.ask({ scope })
  return tokens(await signIn(browser, url, signInFields(person)))
}

/** A browser whose session lives: authorization request, code, tokens, userinfo. No page comes. */
export async function signInAgain(party: RelyingParty, browser: Browser): Promise<void> {
  const { url, tokens } = await party.ask({ scope })
  const answer = await tokens(answerOf(await browser.visit(url, callback)))
  await fetchUserInfo(party.config, answer.access_token, answer.claims()?.sub ?? '')
}
