import * as oidc from 'openid-client'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { lostWrites } from '../support/lost-writes.ts'
import { digits } from '../support/people.ts'
import {
  answerOf,
  callback,
  credentials,
  hidden,
  relyingParty,
  type SsoPlatform,
  signIn,
  ssoPlatform,
} from './platform.ts'

let platform: SsoPlatform
beforeAll(async () => {
  platform = await ssoPlatform(undefined, 2, { LIMITS_SCALE: '10000' })
})
afterAll(() => platform.close())

/** A person who is signed in in their own browser, with the answer that their client got. */
async function signedIn() {
  const username = `user${digits(8)}`
  const document = { type: 'passport', number: `E${digits(8)}` } as const
  await platform.register({ username, phone: `+8613${digits(9)}`, document })
  const browser = cookieBrowser()
  const { ask, config } = await relyingParty(platform.issuer)
  const { url, tokens } = await ask()
  const answer = await signIn(browser, url, { ...credentials, username })
  return { browser, ask, config, tokens, answer }
}
type Person = Awaited<ReturnType<typeof signedIn>>

async function isSignedIn({ browser, ask }: Person): Promise<boolean> {
  const answer = answerOf(await browser.visit((await ask({ prompt: 'none' })).url, callback))
  return answer.searchParams.has('code')
}

async function signOut({ browser }: Person): Promise<void> {
  const bye = await browser.visit(`${platform.issuer}/session/end`)
  const body = new URLSearchParams({ xsrf: hidden(bye.text, 'xsrf'), logout: 'yes' })
  await browser.visit(`${platform.issuer}/session/end/confirm`, undefined, { method: 'POST', body })
}

async function userinfo({ config }: Person, token: string): Promise<number> {
  const { userinfo_endpoint: url = '' } = config.serverMetadata()
  return (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status
}

describe('after Redis has lost its last writes', () => {
  test('a session that was signed out stays ended, and so do its tokens', async () => {
    const person = await signedIn()
    const { access_token: token } = await person.tokens(person.answer)
    expect(await isSignedIn(person)).toBe(true)
    expect(await userinfo(person, token)).toBe(200)
    const lose = await lostWrites(platform.stores)
    await signOut(person)
    await lose()
    expect(await isSignedIn(person)).toBe(false)
    expect(await userinfo(person, token)).toBe(401)
  })

  test('a token that its client revoked stays revoked', async () => {
    const person = await signedIn()
    const { access_token: token } = await person.tokens(person.answer)
    const lose = await lostWrites(platform.stores)
    await oidc.tokenRevocation(person.config, token)
    await lose()
    expect(await userinfo(person, token)).toBe(401)
  })

  test('a code that was used is refused', async () => {
    const person = await signedIn()
    const lose = await lostWrites(platform.stores)
    await person.tokens(person.answer)
    await lose()
    await expect(person.tokens(person.answer)).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  test('a code that nobody used is still good', async () => {
    const person = await signedIn()
    const lose = await lostWrites(platform.stores)
    await lose()
    expect((await person.tokens(person.answer)).access_token).toBeTruthy()
  })

  test('a session that nobody ended is still signed in', async () => {
    const person = await signedIn()
    const lose = await lostWrites(platform.stores)
    await lose()
    expect(await isSignedIn(person)).toBe(true)
  })
})
