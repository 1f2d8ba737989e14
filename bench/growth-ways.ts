import { callback, clients, hidden, secret } from '../test/sso/platform.ts'
import { cookieBrowser } from '../test/support/cookie-browser.ts'
import { type SamplePerson, samplePerson } from '../test/support/people.ts'
import { type FilledPage, personAtForms } from '../test/support/person-at-forms.ts'
import { fixedAnswer } from '../test/support/platform.ts'
import { personFields, phoneProof } from '../test/support/recovering.ts'
import { loginFields, signInFields } from '../test/support/registering.ts'
import { largeParameters, signedInWays, smallParameters } from './growth-ways-signed-in.ts'

/** Sends once, and returns the status of the last answer. */
type Once = () => Promise<number>

/**
 * A way to make the stores grow. `lifetime`: the seconds for which its records are stored. `most`: how many of them the
 * limits allow at a time or in an hour, if there are any. `shares`: ways whose records the same limit counts.
 */
export type Way = {
  readonly name: string
  readonly lifetime: number
  readonly most?: number
  readonly shares?: string
  /** A limit counts something else than records: they are sent until one is refused. */
  readonly untilRefused?: true
  readonly workers?: number
  /** @param headers name the address that sends */
  from(headers: Readonly<Record<string, string>>): Once | Promise<Once>
}

type Headers = Readonly<Record<string, string>>
const large = 'x'.repeat(3900)
const hour = 3600
const day = 24 * hour

/** Every way that the interface offers a stranger with a script, and a person who has an account. */
export function growthWays(
  issuer: string,
  initialToken: string,
  person: SamplePerson,
): readonly Way[] {
  const post = async (path: string, body: URLSearchParams, headers: Headers) => {
    const response = await fetch(issuer + path, {
      method: 'POST',
      body,
      headers,
      redirect: 'manual',
    })
    await response.arrayBuffer()
    return response.status
  }
  const basic = Buffer.from(`exam:${clients.exam.client_secret ?? secret}`).toString('base64')
  const atFrom = (headers: Headers) => personAtForms(cookieBrowser(headers))
  /** Begins an authorization request and opens its page. */
  const loginPage = async (headers: Headers) => {
    const at = atFrom(headers)
    const page = await at.open(`${issuer}/auth?${smallParameters()}`)
    return { at, page }
  }
  /** Fills every field of a page with as much as it keeps. */
  const filled = (page: FilledPage) =>
    Object.fromEntries(
      ['username', 'name', 'idNumber', 'birthdate', 'account', 'phone', 'unitName', 'code'].flatMap(
        (field) => (page.has(field) ? [[field, '〇'.repeat(200)]] : []),
      ),
    )
  /** 找回密码 up to the code for a phone. */
  const passwordCode = async (headers: Headers, to: SamplePerson) => {
    const at = atFrom(headers)
    const page = await at.open(`${issuer}/recover/password`)
    if (page.status !== 200) return page.status
    const { username } = to
    const proof = await at.send(await at.send(page, { username, captcha: fixedAnswer }), {})
    return (await at.send(proof, phoneProof(to), 'send')).status
  }
  const open = { shares: 'open requests', most: 2000 }

  return [
    {
      ...{ name: 'authorization requests', lifetime: 600, ...open },
      from: (headers) => () => post('/auth', largeParameters(), headers),
    },
    {
      ...{ name: 'opened authorization requests', lifetime: hour, ...open },
      from: (headers) => async () => {
        const body = largeParameters()
        return (await atFrom(headers).open(`${issuer}/auth`, { method: 'POST', body })).status
      },
    },
    {
      ...{ name: 'pushed requests of a public client', lifetime: 60, ...open },
      from: (headers) => () => post('/request', largeParameters({ client_id: 'page' }), headers),
    },
    {
      ...{ name: 'pushed requests of a server', lifetime: 60, most: 2000 },
      from: (headers) => () =>
        post('/request', largeParameters(), { ...headers, authorization: `Basic ${basic}` }),
    },
    {
      ...{ name: 'strangers with prompt=none', lifetime: hour },
      from: (headers) => () => post('/auth', largeParameters({ prompt: 'none' }), headers),
    },
    {
      ...{ name: 'logout requests', lifetime: 1800, most: 2000 },
      from: (headers) => async () => {
        const response = await fetch(`${issuer}/session/end`, { headers })
        await response.arrayBuffer()
        return response.status
      },
    },
    {
      ...{ name: 'wrong passwords', lifetime: day, most: 1000 },
      from: (headers) => async () => {
        const { at, page } = await loginPage(headers)
        if (page.status !== 200) return 429
        await at.send(page, signInFields(samplePerson()))
        return 200
      },
    },
    {
      ...{ name: 'cancelled sign-ins', lifetime: day, most: 1000 },
      from: (headers) => async () => {
        const { at, page } = await loginPage(headers)
        if (page.status !== 200) return 429
        const body = new URLSearchParams({ token: hidden(page.html, 'token'), action: 'cancel' })
        await at.browser.visit(page.url.href, callback, { method: 'POST', body })
        return 200
      },
    },
    {
      ...{ name: 'flows with large fields', lifetime: 1800, most: 2000 },
      from: (headers) => async () => {
        const at = atFrom(headers)
        const page = await at.open(`${issuer}/register/organisation`)
        if (page.status !== 200) return page.status
        const next = await at.send(page, loginFields(samplePerson()))
        await at.send(next, filled(next))
        return 200
      },
    },
    {
      ...{ name: 'new captchas', lifetime: 300 },
      async from(headers) {
        const at = atFrom(headers)
        const page = await at.open(`${issuer}/register`)
        return async () => (await at.send(page, {}, 'captcha')).status
      },
    },
    {
      ...{ name: 'SMS codes', lifetime: day, most: 300 },
      from: (headers) => () => passwordCode(headers, samplePerson()),
    },
    {
      ...{ name: 'refused SMS codes with a case number', lifetime: day, most: 4000 },
      from(headers) {
        const phone = samplePerson()
        return async () => ((await passwordCode(headers, phone)) === 429 ? 200 : 0)
      },
    },
    {
      ...{ name: 'usernames of nobody', lifetime: day, most: 300 },
      from: (headers) => async () => {
        const at = atFrom(headers)
        const page = await at.open(`${issuer}/recover/username`)
        if (page.status !== 200) return page.status
        const code = await at.send(page, personFields(samplePerson()))
        return (await at.send(code, {}, 'send')).status
      },
    },
    {
      ...{ name: 'registered clients', lifetime: day, most: 100 },
      from: (headers) => async () => {
        const redirects = Array.from(
          { length: 20 },
          (_, n) => `https://rp.example/${n}/${large.slice(0, 1000)}`,
        )
        const response = await fetch(`${issuer}/reg`, {
          method: 'POST',
          headers: {
            ...headers,
            ...{ authorization: `Bearer ${initialToken}`, 'content-type': 'application/json' },
          },
          body: JSON.stringify({
            client_name: `考生之家 ${Math.random()}`,
            redirect_uris: redirects,
          }),
        })
        await response.arrayBuffer()
        return response.status
      },
    },
    ...signedInWays(issuer, person),
  ]
}
