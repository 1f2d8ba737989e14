import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import type { Policy } from '../../config/limits-and-lifetimes.ts'
import { rotateKey } from '../../src/sso/keys/key-rotation.ts'
import { relyingParty, type SsoPlatform, signIn, ssoPlatform } from '../sso/platform.ts'
import { processClock } from '../support/clock.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'

const minute = 60
/** Shorter than the real limits, but in the same proportions; captchas and codes live longer, because time passes quickly here. */
const keys = { cache: 10 * minute, publishAhead: 16 * minute, keep: 16 * minute, look: 0.02 }
const shortLimits = (usual: Policy) =>
  ({
    ...usual,
    keys: { ...usual.keys, ...keys },
    captcha: { ...usual.captcha, lifetime: 60 * minute },
    tokens: { ...usual.tokens, code: 10 * minute },
  }) as unknown as Policy

let platform: SsoPlatform
const { turn, restore } = processClock()
beforeAll(async () => {
  platform = await ssoPlatform(shortLimits, 2)
  await platform.register()
})
afterAll(async () => {
  await platform.close()
  restore()
})

/**
 * People sign in at two processes alternately while the operator rotates the keys. Relying parties that cache the keys as
 * long as they may, and fetch them for no other reason, verify every ID token until it expires.
 */
test('key rotation under load fails no verification at relying parties that cache the keys', async () => {
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
    const validTokens = tokens.filter((token) => Number(decodeJwt(token).exp) * 1000 > Date.now())
    // The relying parties start to cache at different times.
    const activeParties = parties.slice(0, Math.ceil(tokens.length / 3))
    for (const party of activeParties)
      for (const token of validTokens)
        await jwtVerify(token, party, { issuer: platform.issuer, currentDate })
          .then(() => (verified += 1))
          .catch((error) => failures.push(error))
  }

  async function signInRepeatedly() {
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

  async function rotateThreeTimes() {
    for (let rotations = 1; rotations <= 3; rotations += 1) {
      const outcome = await rotateKey(platform.signingKeys, 'RS256', platform.clock(), keys)
      expect(outcome).toBe('rotated')
      while (signedBy.size <= rotations) await new Promise((later) => setTimeout(later, 20))
    }
    rotating = false
  }

  await Promise.all([
    signInRepeatedly(),
    signInRepeatedly(),
    signInRepeatedly(),
    rotateThreeTimes().finally(() => (rotating = false)),
  ])
  expect(failures).toEqual([])
  expect(signedBy.size).toBe(4)
  expect(verified).toBeGreaterThan(tokens.length * 6)
})
