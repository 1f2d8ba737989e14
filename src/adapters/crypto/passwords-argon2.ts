import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { hash, hashSync, verify } from '@node-rs/argon2'
import type { Policy } from '../../../config/policy.ts'
import { Overloaded, type Passwords } from '../../ports/passwords.ts'

/** So many at a time in each of so many processes on this machine: together they take every core once. */
export const lanesBeside = (processes: number): number =>
  Math.max(1, Math.min(Math.floor(availableParallelism() / processes), 3))

/**
 * argon2id (RFC 9106; the binding's default algorithm) on libuv's threads, `lanes` at a time. The pool has four of
 * them: one stays free for name look-ups and files. A verified hash brings its own cost, so that older ones hold.
 */
export function passwordsArgon2(
  { queue, ...cost }: Readonly<Record<keyof Policy['argon2'], number>>,
  lanes = lanesBeside(1),
): Passwords {
  const inTurn = turnstile(lanes, queue)
  // Of a secret that nobody knows: it matches nothing, and takes as long.
  const nobodys = hashSync(randomBytes(32), cost)
  return {
    hash: (secret) => inTurn(() => hash(secret.normalize('NFC'), cost)),
    isOutdated(held) {
      const [memoryCost = 0, timeCost = 0] = costOf(held)
      return memoryCost < cost.memoryCost || timeCost < cost.timeCost
    },
    matches: (secret, held) => inTurn(() => verify(held ?? nobodys, secret.normalize('NFC'))),
  }
}

/** Memory in KiB and passes, of `$argon2id$v=19$m=19456,t=2,p=1$…`. */
const costOf = (held: string) =>
  (/\$m=(\d+),t=(\d+),/.exec(held) ?? []).slice(1).map((number) => Number(number))

/** Lets `lanes` jobs run and `queue` more wait, first come first served. */
function turnstile(lanes: number, queue: number) {
  let running = 0
  const waiting: (() => void)[] = []
  return async <T>(job: () => Promise<T>): Promise<T> => {
    if (running < lanes) running += 1
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
