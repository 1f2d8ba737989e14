import { randomBytes, randomUUID } from 'node:crypto'
import { callback, clients, secret } from '../test/sso/platform.ts'
import { cookieBrowser } from '../test/support/cookie-browser.ts'
import { samplePerson } from '../test/support/people.ts'
import { type FilledPage, personAtForms } from '../test/support/person-at-forms.ts'
import { fixedAnswer } from '../test/support/platform.ts'
import { personFields, phoneProof } from '../test/support/recovering.ts'
import { loginFields, signInFields } from '../test/support/registering.ts'

/**
 * A way to make the stores grow, from one address. `once` returns the status of the last answer. `lifetime`: the seconds
 * for which its records are stored. `most`: how many of them the limits allow in an hour, if there are any.
 */
export type Way = {
  readonly name: string
  readonly lifetime: number
  readonly most?: number
  once(): Promise<number>
}

const large = 'x'.repeat(3900)
const hour = 3600

/** Every way that the interface offers a stranger with a script. */
export function growthWays(issuer: string, initialToken: string): readonly Way[] {
  const parameters = (more: Record<string, string> = {}) =>
    new URLSearchParams({
      ...{ client_id: 'exam', response_type: 'code', redirect_uri: callback, scope: 'openid' },
      ...{ code_challenge: randomBytes(32).toString('base64url'), code_challenge_method: 'S256' },
      ...{ state: large, nonce: large, ...more },
    })
  const post = (path: string, body: URLSearchParams, headers: Record<string, string> = {}) =>
    fetch(issuer + path, { method: 'POST', body, headers, redirect: 'manual' })
  const status = async (answer: Promise<Response>) => {
    const response = await answer
    await response.arrayBuffer()
    return response.status
  }
  const basic = {
    authorization: `Basic ${Buffer.from(`exam:${clients.exam.client_secret ?? secret}`).toString('base64')}`,
  }
  /** Begins an authorization request and opens its page. */
  const loginPage = async () => {
    const at = personAtForms(cookieBrowser())
    const page = await at.open(`${issuer}/auth?${parameters({ nonce: 'n', state: 's' })}`)
    return { at, page }
  }
  /** Fills every field of a page with as much as it keeps. */
  const filled = (page: FilledPage) =>
    Object.fromEntries(
      ['username', 'name', 'idNumber', 'birthdate', 'account', 'phone', 'unitName', 'code'].flatMap(
        (field) => (page.has(field) ? [[field, '〇'.repeat(200)]] : []),
      ),
    )

  return [
    {
      name: 'authorization requests',
      lifetime: 600,
      most: 2000,
      once: () => status(post('/auth', parameters())),
    },
    {
      name: 'opened authorization requests',
      lifetime: hour,
      most: 2000,
      async once() {
        const at = personAtForms(cookieBrowser())
        const body = parameters()
        return (await at.open(`${issuer}/auth`, { method: 'POST', body })).status
      },
    },
    {
      name: 'requests with prompt=none',
      lifetime: 12 * hour,
      once: () => status(post('/auth', parameters({ prompt: 'none' }))),
    },
    {
      name: 'logout requests',
      lifetime: 1800,
      most: 2000,
      once: () => status(fetch(`${issuer}/session/end`)),
    },
    {
      name: 'pushed requests of a client',
      lifetime: 60,
      most: 2000,
      once: () => status(post('/request', parameters(), basic)),
    },
    {
      name: 'wrong passwords',
      lifetime: 24 * hour,
      most: 1000,
      async once() {
        const { at, page } = await loginPage()
        if (page.status !== 200) return page.status
        return (await at.send(page, signInFields(samplePerson()))).status
      },
    },
    {
      name: 'cancelled sign-ins',
      lifetime: 24 * hour,
      async once() {
        const { at, page } = await loginPage()
        if (page.status !== 200) return page.status
        const body = new URLSearchParams({ ...page.typed, action: 'cancel' })
        const address = new URL(page.action, page.url)
        return (await at.browser.visit(address.href, callback, { method: 'POST', body })).response
          .status
      },
    },
    {
      name: 'flows with large fields',
      lifetime: 1800,
      most: 2000 * 2,
      async once() {
        const at = personAtForms(cookieBrowser())
        const page = await at.open(`${issuer}/register/organisation`)
        if (page.status !== 200) return page.status
        const next = await at.send(page, loginFields(samplePerson()))
        return (await at.send(next, filled(next))).status
      },
    },
    {
      name: 'new captchas',
      lifetime: 300,
      once: (() => {
        let open: Promise<{ at: ReturnType<typeof personAtForms>; page: FilledPage }> | undefined
        const begin = async () => {
          const at = personAtForms(cookieBrowser())
          return { at, page: await at.open(`${issuer}/register`) }
        }
        return async () => {
          open ??= begin()
          const { at, page } = await open
          return (await at.send(page, {}, 'captcha')).status
        }
      })(),
    },
    {
      name: 'SMS codes',
      lifetime: 24 * hour,
      most: 300,
      async once() {
        const at = personAtForms(cookieBrowser())
        const person = samplePerson()
        const page = await at.open(`${issuer}/recover/password`)
        if (page.status !== 200) return page.status
        const { username } = person
        const method = await at.send(page, { username, captcha: fixedAnswer })
        const proof = await at.send(method, {})
        return (await at.send(proof, phoneProof(person), 'send')).status
      },
    },
    {
      name: 'usernames of nobody',
      lifetime: 24 * hour,
      most: 300,
      async once() {
        const at = personAtForms(cookieBrowser())
        const page = await at.open(`${issuer}/recover/username`)
        if (page.status !== 200) return page.status
        const code = await at.send(page, personFields(samplePerson()))
        return (await at.send(code, {}, 'send')).status
      },
    },
    {
      name: 'registered clients',
      lifetime: 24 * hour,
      most: 100,
      once: () =>
        status(
          fetch(`${issuer}/reg`, {
            method: 'POST',
            headers: {
              authorization: `Bearer ${initialToken}`,
              'content-type': 'application/json',
            },
            body: JSON.stringify({
              client_name: `考生之家 ${randomUUID()}`,
              redirect_uris: Array.from(
                { length: 20 },
                (_, n) => `https://rp.example/${n}/${large.slice(0, 1000)}`,
              ),
            }),
          }),
        ),
    },
  ]
}
