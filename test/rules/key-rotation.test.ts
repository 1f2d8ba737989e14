import fc from 'fast-check'
import { signingAlgorithms } from '../../config/oidc.ts'
import { policy } from '../../config/policy.ts'
import type { SigningKey, SigningKeys } from '../../src/ports/signing-keys.ts'
import { type KeyAt, keepUp, keysAt, rotate, withdraw } from '../../src/sso/key-rotation.ts'

const { keys: limits, tokens, session } = policy()
const start = Date.UTC(2026, 10, 24)
const hour = 3600
const first = (states: readonly KeyAt[]) => states[0]?.key.number

test('the numbers fit each other', () => {
  // A set that somebody cached just before a key was published is gone before that key signs.
  expect(limits.publishAhead).toBeGreaterThan(limits.cache + limits.look)
  // What a key signed can be verified to its end; so can the hint at the end of a session.
  for (const lifetime of [tokens.id, tokens.access, session.most])
    expect(limits.keep).toBeGreaterThan(lifetime + limits.look)
  expect(limits.rotateEvery).toBeGreaterThan(limits.publishAhead + limits.keep)
})

test('a key is published, signs, stays for what it signed, and goes', () => {
  const keys = [key(1, start), key(2, start + 100_000)]
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
  // Another process whose clock is a little behind signs with what is there.
  expect(at(-1)).toEqual([
    [1, 'next'],
    [2, 'next'],
  ])
})

test('whatever happens when: one key signs, known long enough before and kept long enough after', async () => {
  const step = fc.record({
    hours: fc.integer({ min: 0, max: 60 * 24 }),
    deed: fc.constantFrom('look', 'rotate', 'rotate twice'),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (steps) => {
      const store = inMemory()
      /** Collected: `expect` for each hour would take longer than everything else. */
      const wrong: string[] = []
      let now = start
      await keepUp(store, now, limits)
      for (const { hours, deed } of steps) {
        // As processes do, but each hour instead of every few seconds.
        for (let each = 0; each < hours; each += 1) {
          const before = keysAt(await store.all(), now, limits)
          now += hour * 1000
          const after = keysAt(await keepUp(store, now, limits), now, limits)
          const count = (state: KeyAt['state']) =>
            after.filter((each) => each.state === state).length
          if (count('current') !== 1) wrong.push(`${count('current')} sign at ${now}`)
          if (count('next') > 1) wrong.push(`${count('next')} wait at ${now}`)
          // It was published an hour ago, which is as long as anybody caches.
          if (!before.some(({ key }) => key.number === first(after)))
            wrong.push(`${first(after)} is too new at ${now}`)
        }
        if (deed === 'look') continue
        await rotate(store, 'RS256', now, limits)
        if (deed === 'rotate twice')
          expect(await rotate(store, 'RS256', now, limits)).toBe('waiting')
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

test('in an emergency a waiting key signs at once, and the other one is withdrawn', async () => {
  const store = inMemory()
  await keepUp(store, start, limits)
  expect(await rotate(store, 'RS256', start, limits)).toBe('rotated')
  expect(first(keysAt(await store.all(), start, limits))).toBe(1)
  expect(await withdraw(store, 'kid 1', start, limits)).toBe('signing')
  expect(await rotate(store, 'RS256', start + 1, limits, true)).toBe('rotated')
  expect(first(keysAt(await store.all(), start + 1, limits))).toBe(2)
  expect(await withdraw(store, 'kid 1', start + 1, limits)).toBe('withdrawn')
  expect(await withdraw(store, 'kid 1', start + 1, limits)).toBe('unknown')
  expect((await store.all()).map(({ number }) => number)).toEqual([2])
})

const key = (number: number, signsFrom: number): SigningKey => ({
  alg: 'RS256',
  number,
  signsFrom,
  jwk: { kty: 'RSA', kid: `kid ${number}` },
})

/** Of one algorithm; the others are not asked for. */
function inMemory(): SigningKeys {
  let kept: readonly SigningKey[] = []
  return {
    all: async () => kept,
    async add(alg, number, signsFrom) {
      if (alg !== signingAlgorithms[0]) return true
      if (kept.some((each) => each.number === number)) return false
      kept = [...kept, key(number, signsFrom)]
      return true
    },
    async bringForward(found, signsFrom) {
      kept = kept.map((each) => (each.number === found.number ? { ...each, signsFrom } : each))
      return true
    },
    async remove(keys) {
      kept = kept.filter((each) => !keys.includes(each))
    },
  }
}
