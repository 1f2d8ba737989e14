import { randomBytes } from 'node:crypto'
import type { Policy } from '../../config/limits-and-lifetimes.ts'
import { pepperOf } from '../../src/adapters/crypto/peppered-passwords.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { testCrypto } from '../support/test-encryption.ts'
import {
  cheapPasswords,
  credentials,
  person,
  relyingParty,
  type SsoPlatform,
  signIn,
  ssoPlatform,
} from './platform.ts'

const pepperKey = { version: '1', key: randomBytes(32) }
const pepper = pepperOf([pepperKey], randomBytes(32), testCrypto)

let platform: SsoPlatform
beforeAll(async () => {
  // The person has a hash with 64 KiB and one pass and without a pepper, as before the cost was raised.
  const dearer = (usual: Policy) => ({
    ...usual,
    argon2: { ...usual.argon2, memoryCost: 128, timeCost: 2 } as unknown as Policy['argon2'],
  })
  const PEPPER_KEYS = `1:${pepperKey.key.toString('base64')}`
  platform = await ssoPlatform(dearer, 1, { PEPPER_KEYS })
  await platform.register({ passwordHash: await cheapPasswords.hash(credentials.password) })
})
afterAll(() => platform.close())

const signedIn = async () => {
  const { ask, config } = await relyingParty(platform.issuer)
  const { url, tokens } = await ask()
  return { config, tokens: await tokens(await signIn(cookieBrowser(), url)) }
}
const account = () => platform.accounts.findByUsername(person.username)

test('a login rehashes the password after the cost was raised, with the pepper, and changes nothing else', async () => {
  const before = await account()
  expect(before?.passwordHash).toContain('$m=64,t=1,')
  // Each of the concurrent logins may rehash the password.
  await Promise.all([signedIn(), signedIn(), signedIn()])
  await platform.settled()
  const after = await account()
  expect(after?.passwordHash).toMatch(new RegExp(`^${testCrypto}\\.1\\.`))
  expect(pepper.remove(after?.passwordHash ?? '')).toContain('$m=128,t=2,')
  expect({ ...after, passwordHash: '' }).toEqual({ ...before, passwordHash: '' })

  await signedIn()
  await platform.settled()
  expect((await account())?.passwordHash).toBe(after?.passwordHash)
})

test('rehashing does not replace a password that was changed in the meantime', async () => {
  const before = await account()
  if (!before) throw new Error('nobody is registered')
  await platform.accounts.change(before, { passwordHash: 'a new hash' }, 'a change of the password')
  await platform.accounts.renewHash(before, 'a hash of the old password')
  expect((await account())?.passwordHash).toBe('a new hash')
})
