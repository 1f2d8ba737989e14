import { load } from 'cheerio'
import type { SamplePerson } from './people.ts'
import type { FilledPage, personAtForms } from './person-at-forms.ts'
import type { TestPlatform } from './platform.ts'

/** Opens 注销账户, and requests and reads the SMS code. `press` fills in the form and sends it. */
export async function closingWithCode(
  platform: Pick<TestPlatform, 'issuer' | 'codeFor'>,
  at: ReturnType<typeof personAtForms>,
  { password, phone }: Pick<SamplePerson, 'password' | 'phone'>,
) {
  const page = await at.open(`${platform.issuer}/account/close`)
  const sent = await at.send(page, {}, 'send')
  const fields = { presentPassword: password, smsCode: await platform.codeFor(phone) }
  return { page: sent, press: (more = {}) => at.send(sent, { ...fields, ...more }) }
}

/** The address of the link 继续, which appears after a sign-in that cancelled the closing. */
export const continueLinkOf = ({ html, url }: FilledPage): string =>
  new URL(String(load(html)('main a.button').attr('href')), url).href
