import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import type { Policy } from '../../config/policy.ts'
import { rotate } from '../../src/sso/keys/key-rotation.ts'
import { relyingParty, type SsoPlatform, signIn, ssoPlatform } from '../sso/platform.ts'
import { processClock } from '../support/clock.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'

const minute = 60
/** Short, but in the proportions of the real ones; what a person or a relying party needs time for takes longer. */
const keys = { cache: 10 * minute, publishAhead: 16 * minute, keep: 16 * minute, look: 0.02 }
const quick = (usual: Policy) =>
  ({
    ...usual,
    keys: { ...usual.keys, ...keys },
    captcha: { ...usual.captcha, lifetime: 60 * minute },
    tokens: { ...usual.tokens, code: 10 * minute },
  }) as unknown as Policy

let platform: SsoPlatform
const { turn, restore } = processClock()
beforeAll(async () => {
  platform = await ssoPlatform(quick, 2)
  await platform.register()
})
afterAll(async () => {
  await platform.close()
  restore()
})

/**
 * People sign in all the time, at two processes by turns, while the operator rotates. Relying parties that keep the keys
 * for as long as they may, and ask for them for no other reason, verify every ID token when it comes and again until
 * it expires.
 */
test('rotating under load fails no verification at relying parties that cache the keys', async () => {
  const { config, ask } = await relyingParty(platform.issuer)
  const jwks = new URL(String(config.serverMetadata().jwks_uri))
  const parties = Array.from({ length: 6 }, () =>
    createRemoteJWKSet(jwks, {
      cacheMaxAge: keys.cache * 1000,
      cooldownDuration: Number.POSITIVE_INFINITY,
    }),
  )
  const tokens: string[] = []
  const signedBy = new Set<string>()
  const failures: unknown[] = []
  let verified = 0
  let rotating = true

  async function verifyAll() {
    const currentDate = new Date(Date.now())
    const alive = tokens.filter((token) => Number(decodeJwt(token).exp) * 1000 > Date.now())
    // Each begins to cache at another time.
    const awake = parties.slice(0, Math.ceil(tokens.length / 3))
    for (const party of awake)
      for (const token of alive)
        await jwtVerify(token, party, { issuer: platform.issuer, currentDate })
          .then(() => (verified += 1))
          .catch((error) => failures.push(error))
  }

  async function people() {
    while (rotating) {
      const { url, tokens: exchange } = await ask()
      const answer = await exchange(await signIn(cookieBrowser(), url))
      const idToken = String(answer.id_token)
      tokens.push(idToken)
      signedBy.add(String(decodeProtectedHeader(idToken).kid))
      await verifyAll()
      turn(minute)
    }
  }

  async function operator() {
    for (let rotations = 1; rotations <= 3; rotations += 1) {
      const said = await rotate(platform.signingKeys, 'RS256', platform.clock(), keys)
      expect(said).toBe('rotated')
      while (signedBy.size <= rotations) await new Promise((later) => setTimeout(later, 20))
    }
    rotating = false
  }

  await Promise.all([people(), people(), people(), operator().finally(() => (rotating = false))])
  expect(failures).toEqual([])
  expect(signedBy.size).toBe(4)
  expect(verified).toBeGreaterThan(tokens.length * 6)
}, 180_000)
