import fc from 'fast-check'
import { policy } from '../../config/limits-and-lifetimes.ts'
import { signingAlgorithms } from '../../config/oidc.ts'
import type { SigningKey, SigningKeys } from '../../src/ports/sso/signing-keys.ts'
import {
  type KeyAt,
  keysAt,
  maintainKeys,
  rotateKey,
  withdrawKey,
} from '../../src/sso/keys/key-rotation.ts'

const { keys: limits, tokens, session } = policy()
const start = Date.UTC(2026, 10, 24)
const hour = 3600
const firstNumber = (states: readonly KeyAt[]) => states[0]?.key.number

test('the limits of the policy are consistent', () => {
  // A key set that a client cached just before a key was published expires before that key signs.
  expect(limits.publishAhead).toBeGreaterThan(limits.cache + limits.look)
  // Every token can be verified until it expires, and so can the id_token_hint at the end of a session.
  for (const lifetime of [tokens.id, tokens.access, session.most])
    expect(limits.keep).toBeGreaterThan(lifetime + limits.look)
  expect(limits.rotateEvery).toBeGreaterThan(limits.publishAhead + limits.keep)
})

test('a key is published, signs, stays published for the tokens that it signed, and is then removed', () => {
  const keys = [signingKey(1, start), signingKey(2, start + 100_000)]
  const at = (ms: number) =>
    keysAt(keys, start + ms, { keep: 50 }).map((each) => [each.key.number, each.state])
  expect(at(99_999)).toEqual([
    [1, 'current'],
    [2, 'next'],
  ])
  expect(at(100_000)).toEqual([
    [2, 'current'],
    [1, 'previous'],
  ])
  expect(at(150_000)).toEqual([
    [2, 'current'],
    [1, 'gone'],
  ])
  // A process whose clock is a little behind signs with the oldest key.
  expect(at(-1)).toEqual([
    [1, 'next'],
    [2, 'next'],
  ])
})

test('in every sequence of rotations one key signs, which was published long enough before', async () => {
  const step = fc.record({
    hours: fc.integer({ min: 0, max: 60 * 24 }),
    action: fc.constantFrom('look', 'rotate', 'rotate twice'),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (steps) => {
      const store = inMemoryKeys()
      // Problems are collected, because one `expect` for each hour would dominate the duration of the test.
      const wrong: string[] = []
      let now = start
      await maintainKeys(store, now, limits)
      for (const { hours, action } of steps) {
        // Processes look every few seconds; here each hour is enough.
        for (let each = 0; each < hours; each += 1) {
          const before = keysAt(await store.all(), now, limits)
          now += hour * 1000
          const after = keysAt(await maintainKeys(store, now, limits), now, limits)
          const count = (state: KeyAt['state']) =>
            after.filter((each) => each.state === state).length
          if (count('current') !== 1) wrong.push(`${count('current')} sign at ${now}`)
          if (count('next') > 1) wrong.push(`${count('next')} wait at ${now}`)
          // The signing key was published an hour ago, and clients cache key sets no longer than that.
          if (!before.some(({ key }) => key.number === firstNumber(after)))
            wrong.push(`${firstNumber(after)} is too new at ${now}`)
        }
        if (action === 'look') continue
        await rotateKey(store, 'RS256', now, limits)
        if (action === 'rotate twice')
          expect(await rotateKey(store, 'RS256', now, limits)).toBe('waiting')
      }
      expect(wrong).toEqual([])
      const all = await store.all()
      for (const [index, { signsFrom }] of all.entries())
        if (index > 0)
          expect(signsFrom - Number(all[index - 1]?.signsFrom)).toBeGreaterThanOrEqual(
            limits.publishAhead * 1000,
          )
    }),
    { numRuns: 20 },
  )
})

test('an emergency rotation makes the waiting key sign at once, so that the old key can be withdrawn', async () => {
  const store = inMemoryKeys()
  await maintainKeys(store, start, limits)
  expect(await rotateKey(store, 'RS256', start, limits)).toBe('rotated')
  expect(firstNumber(keysAt(await store.all(), start, limits))).toBe(1)
  expect(await withdrawKey(store, 'kid 1', start, limits)).toBe('signing')
  expect(await rotateKey(store, 'RS256', start + 1, limits, true)).toBe('rotated')
  expect(firstNumber(keysAt(await store.all(), start + 1, limits))).toBe(2)
  expect(await withdrawKey(store, 'kid 1', start + 1, limits)).toBe('withdrawn')
  expect(await withdrawKey(store, 'kid 1', start + 1, limits)).toBe('unknown')
  expect((await store.all()).map(({ number }) => number)).toEqual([2])
})

const signingKey = (number: number, signsFrom: number): SigningKey => ({
  alg: 'RS256',
  number,
  signsFrom,
  jwk: { kty: 'RSA', kid: `kid ${number}` },
})

/** Keys of the first algorithm only, because the tests look at no other. */
function inMemoryKeys(): SigningKeys {
  let stored: readonly SigningKey[] = []
  return {
    all: async () => stored,
    async add(alg, number, signsFrom) {
      if (alg !== signingAlgorithms[0]) return true
      if (stored.some((each) => each.number === number)) return false
      stored = [...stored, signingKey(number, signsFrom)]
      return true
    },
    async bringForward(found, signsFrom) {
      stored = stored.map((each) => (each.number === found.number ? { ...each, signsFrom } : each))
      return true
    },
    async remove(keys) {
      stored = stored.filter((each) => !keys.includes(each))
    },
  }
}
