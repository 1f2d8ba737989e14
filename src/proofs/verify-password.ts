import type { Policy } from '../../config/limits-and-lifetimes.ts'
import { type Refusal, refuse } from '../people/refusal.ts'
import type { Visitor } from '../people/visitor.ts'
import type { Limits, Tries } from '../ports/limits.ts'
import { type Passwords, requesterOf } from '../ports/passwords.ts'
import { takeAttempt } from './attempt-limits.ts'
import { countRefusedSecret } from './captcha-risk.ts'
import { beginTry, clearTries, compareCounted, type TriesCounter, waitOf } from './counted-tries.ts'

export type PasswordProofPorts = {
  readonly passwords: Passwords
  readonly tries: Tries
  readonly limits: Limits
  readonly policy: Pick<Policy, 'captcha' | 'login'>
}

/** `why`: the password was wrong, or was not compared because of a wait. `wait`: seconds until the next try. */
export type FailedPassword = { readonly why: 'password' | 'wait'; readonly wait: number }

/**
 * Compares a password within the limits of the address and of the counter. Without a hash (unknown username) it is
 * wrong after the same time.
 */
export async function verifyPassword(
  typed: string,
  hash: string | undefined,
  counter: TriesCounter,
  visitor: Visitor,
  { passwords, tries, limits, policy }: PasswordProofPorts,
): Promise<'right' | FailedPassword | Refusal> {
  const taken = await takeAttempt(visitor, 'login', policy.login.perAddress, [], limits)
  if (!('ok' in taken)) return taken
  const counted = [{ counter, rule: policy.login }]
  const wait = await beginTry(counted, tries)
  if (wait) return { why: 'wait', wait }
  const isRight = await compareCounted(counted, tries, () =>
    passwords.matches(typed, hash, requesterOf(visitor, counter.join(' ')), 'when wrong'),
  )
  if (!isRight) {
    await countRefusedSecret(visitor.address, { tries, policy })
    return { why: 'password', wait: await waitOf(counted, tries) }
  }
  await clearTries(counted, tries)
  return 'right'
}

/** The refusal of a failed try, with the wait until the next one. */
export function failedPasswordRefusal(
  { wait }: FailedPassword,
  field: string,
  sentences: 'login' | 'presentPassword',
): Refusal {
  if (wait === 0) return refuse(field, `${sentences}.wrong`)
  return refuse(field, `${sentences}.wait`, { status: 429, retryAfter: wait })
}
