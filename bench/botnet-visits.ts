import { hidden } from '../test/sso/platform.ts'
import { cookieBrowser } from '../test/support/cookie-browser.ts'
import { type SamplePerson, samplePerson } from '../test/support/people.ts'
import { personAtForms } from '../test/support/person-at-forms.ts'
import { type externalServicesAt, fixedAnswer } from '../test/support/platform.ts'
import { personFields, phoneProof, toCodeStep } from '../test/support/recovering.ts'
import { register, withCode } from '../test/support/registering.ts'

type Platform = ReturnType<typeof externalServicesAt> & { readonly issuer: string }

/** A browser at an address, as a proxy in front of the platform reports it. */
const browserAt = (address: string) => personAtForms(cookieBrowser({ 'x-forwarded-for': address }))

/** The nth address of so many networks (IPv4 /24), in the range for benchmarks (RFC 2544). */
export const addressOf = (n: number, networks: number) =>
  `198.18.${n % networks}.${(Math.floor(n / networks) % 254) + 1}`

/**
 * 找回密码 of a name that nobody has: requests a code for any phone, with as few requests as a bot needs. Returns the
 * status of the last one.
 */
export async function requestAnyCode({ issuer }: Platform, address: string): Promise<number> {
  const browser = cookieBrowser({ 'x-forwarded-for': address })
  const stranger = samplePerson()
  const page = await browser.visit(`${issuer}/recover/password`)
  const [flow = ''] = /^\/recover\/password\/[\w-]+/.exec(page.path.at(-1)?.pathname ?? '') ?? []
  const token = hidden(page.text, 'token')
  const press = async (step: string, action: string, fields: Record<string, string>) => {
    const body = new URLSearchParams({ token, action, ...fields })
    const answer = await browser.request(`${issuer}${flow}/${step}`, { method: 'POST', body })
    await answer.arrayBuffer()
    return answer.status
  }
  await press('username', 'next', { username: stranger.username, captcha: fixedAnswer })
  await press('method', 'next', {})
  return press('phone', 'send', phoneProof(stranger))
}

/** Registration up to the bank, with data that no bank has. Returns the heading or the refusal. */
export async function askBank(platform: Platform, address: string): Promise<string> {
  const person = samplePerson()
  const at = browserAt(address)
  const { page, fields } = await withCode(platform, at, person)
  const answer = await at.send(page, fields)
  return answer.faults[0] ?? answer.heading
}

/** Registers a person before the attack. */
export async function owner(platform: Platform, address: string): Promise<SamplePerson> {
  const person = samplePerson()
  const done = await register(platform, browserAt(address), person)
  if (done.heading !== '注册成功') throw new Error(`${done.heading} ${done.faults.join()}`)
  return person
}

/** 找回用户名 by an owner: returns once the code has arrived. */
export async function ownersCode(platform: Platform, person: SamplePerson, address: string) {
  const at = browserAt(address)
  const page = await toCodeStep(platform, at, personFields(person))
  const before = (await platform.messages(person.phone)).length
  await at.send(page, {}, 'send')
  for (let tries = 0; tries < 100; tries += 1) {
    if ((await platform.messages(person.phone)).length > before) return true
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  return false
}
