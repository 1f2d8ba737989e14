import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import { type KeyAlgorithm, keyAlgorithms } from '../../../config/oidc.ts'
import type { SigningKey, SigningKeys } from '../../ports/sso/signing-keys.ts'

/** `next`: published before it signs; `current`: signs; `previous`: published for what it signed. */
type KeyState = 'next' | 'current' | 'previous' | 'gone'

export type KeyAt = {
  readonly key: SigningKey
  readonly state: KeyState
  /** The time at which the state changes without a new key, ms since 1970; Infinity if only a successor changes it. */
  readonly until: number
}

type Keys = Policy['keys']

/** The state of every key at a time; of each algorithm the signing key comes first. */
export const keysAt = (
  keys: readonly SigningKey[],
  now: number,
  policy: Pick<Keys, 'keep'>,
): readonly KeyAt[] =>
  keyAlgorithms.flatMap((alg) => {
    const own = keys.filter((key) => key.alg === alg)
    const states = own.map((key, index) => keyStateOf(key, own[index + 1], now, policy))
    return order.flatMap((state) => states.filter((key) => key.state === state))
  })

/** The signing key comes first, since oidc-provider signs with the first key of an algorithm. */
const order: readonly KeyState[] = ['current', 'next', 'previous', 'gone']

function keyStateOf(
  key: SigningKey,
  successor: SigningKey | undefined,
  now: number,
  { keep }: Pick<Keys, 'keep'>,
): KeyAt {
  if (key.signsFrom > now) return { key, state: 'next', until: key.signsFrom }
  const signsUntil = successor?.signsFrom ?? Number.POSITIVE_INFINITY
  if (signsUntil > now) return { key, state: 'current', until: signsUntil }
  const keptUntil = signsUntil + keep * 1000
  return { key, state: keptUntil > now ? 'previous' : 'gone', until: keptUntil }
}

/**
 * Creates the keys that are due, removes those that are over, and returns the others. Every process does so every few
 * seconds; the store lets one of them create a key.
 */
export async function maintainKeys(
  store: SigningKeys,
  now: number,
  policy: Keys,
): Promise<readonly SigningKey[]> {
  const stored = await store.all()
  const due = keyAlgorithms.flatMap((alg) => dueKey(stored, alg, now, policy))
  await Promise.all(due.map(({ alg, number, signsFrom }) => store.add(alg, number, signsFrom)))
  const keys = due.length ? await store.all() : stored
  const gone = keysAt(keys, now, policy).flatMap(({ key, state }) => (state === 'gone' ? key : []))
  if (gone.length) await store.remove(gone)
  return keys.filter((key) => !gone.includes(key))
}

function dueKey(
  keys: readonly SigningKey[],
  alg: KeyAlgorithm,
  now: number,
  { publishAhead, rotateEvery }: Keys,
): Omit<SigningKey, 'jwk'>[] {
  const last = keys.findLast((key) => key.alg === alg)
  // The first key signs at once: nobody has cached a set without it.
  if (!last) return [{ alg, number: 1, signsFrom: now }]
  const signsFrom = Math.max(last.signsFrom + rotateEvery * 1000, now + publishAhead * 1000)
  const isDue = last.signsFrom + (rotateEvery - publishAhead) * 1000 <= now
  return isDue ? [{ alg, number: last.number + 1, signsFrom }] : []
}

/**
 * Rotates a key on demand. The new key signs after it has been published long enough, or at once; then clients that
 * cached the old set reject tokens until they fetch it again.
 * @returns `waiting` if a key is waiting already, or another process rotated at the same time
 */
export async function rotateKey(
  store: SigningKeys,
  alg: KeyAlgorithm,
  now: number,
  { publishAhead }: Pick<Keys, 'publishAhead'>,
  atOnce = false,
): Promise<'rotated' | 'waiting'> {
  const last = (await store.all()).findLast((key) => key.alg === alg)
  const waits = last !== undefined && last.signsFrom > now
  if (waits && !atOnce) return 'waiting'
  const signsFrom = atOnce ? now : now + publishAhead * 1000
  const done = waits
    ? await store.bringForward(last, signsFrom)
    : await store.add(alg, (last?.number ?? 0) + 1, signsFrom)
  return done ? 'rotated' : 'waiting'
}

/**
 * Removes a key before its time, because somebody else may have it.
 * @returns `signing` if it still signs, so that another key has to sign first
 */
export async function withdrawKey(
  store: SigningKeys,
  kid: string,
  now: number,
  policy: Pick<Keys, 'keep'>,
): Promise<'withdrawn' | 'signing' | 'unknown'> {
  const found = keysAt(await store.all(), now, policy).find(({ key }) => key.jwk.kid === kid)
  if (!found) return 'unknown'
  if (found.state === 'current') return 'signing'
  await store.remove([found.key])
  return 'withdrawn'
}
