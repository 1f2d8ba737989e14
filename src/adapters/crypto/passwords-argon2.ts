import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { hash, hashSync, verify } from '@node-rs/argon2'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import { Overloaded, type Passwords } from '../../ports/passwords.ts'

/** So many at a time in each of so many processes on this machine: together they take every core once. */
export const hashConcurrency = (processes: number): number =>
  Math.max(1, Math.min(Math.floor(availableParallelism() / processes), 3))

/**
 * argon2id (RFC 9106; the binding's default algorithm) on libuv's threads, `concurrency` at a time. libuv's pool has
 * four threads: one stays free for name look-ups and files. A stored hash contains its own cost, so older hashes still
 * verify (decision 0064).
 */
export function passwordsArgon2(
  { queue, ...cost }: Readonly<Record<keyof Policy['argon2'], number>>,
  concurrency = hashConcurrency(1),
): Passwords {
  const inTurn = boundedQueue(concurrency, queue)
  // The hash of a random secret: it matches no password, and comparing takes as long as with an account's hash.
  const unmatchableHash = hashSync(randomBytes(32), cost)
  return {
    hash: (secret) => inTurn(() => hash(secret.normalize('NFC'), cost)),
    isOutdated(storedHash) {
      const [memoryCost = 0, timeCost = 0] = costOf(storedHash)
      return memoryCost < cost.memoryCost || timeCost < cost.timeCost
    },
    matches: (secret, storedHash) =>
      inTurn(() => verify(storedHash ?? unmatchableHash, secret.normalize('NFC'))),
  }
}

/** Memory in KiB and passes, from `$argon2id$v=19$m=19456,t=2,p=1$…`. */
const costOf = (storedHash: string) =>
  (/\$m=(\d+),t=(\d+),/.exec(storedHash) ?? []).slice(1).map((number) => Number(number))

/** Runs `concurrency` jobs at a time and lets `queue` more wait, in the order of their arrival. */
function boundedQueue(concurrency: number, queue: number) {
  let running = 0
  const waiting: (() => void)[] = []
  return async <T>(job: () => Promise<T>): Promise<T> => {
    if (running < concurrency) running += 1
    else if (waiting.length < queue) await new Promise<void>((turn) => waiting.push(turn))
    else throw new Overloaded('too many passwords wait to be hashed')
    try {
      return await job()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}
