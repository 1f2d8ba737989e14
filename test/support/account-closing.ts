import { load } from 'cheerio'
import type { SamplePerson } from './people.ts'
import type { FilledPage, personAtForms } from './person-at-forms.ts'
import type { TestPlatform } from './platform.ts'

/** 注销账户 with everything typed: what is left is the button. */
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

/** Where 继续 leads after a sign-in that ended the cooling-off. */
export const continueLinkOf = ({ html, url }: FilledPage): string =>
  new URL(String(load(html)('main a.button').attr('href')), url).href
