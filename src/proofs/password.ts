import type { Policy } from '../../config/policy.ts'
import { type Refusal, refuse } from '../people/refusal.ts'
import type { Limits, Tries } from '../ports/limits.ts'
import type { Passwords } from '../ports/passwords.ts'
import { takeFor } from './limits.ts'
import type { TriesCounter } from './login-tries.ts'
import type { Visitor } from './visitor.ts'

export type PasswordProofPorts = {
  readonly passwords: Passwords
  readonly tries: Tries
  readonly limits: Limits
  readonly policy: Pick<Policy, 'login'>
}

/**
 * Looks at a password within the limits of its address and its counter. `wait`: so many seconds, and nothing was looked
 * at. Without a hash (nobody of that name) it is wrong after as long a time.
 */
export async function provePassword(
  typed: string,
  hash: string | undefined,
  counter: TriesCounter,
  visitor: Visitor,
  { passwords, tries, limits, policy: { login } }: PasswordProofPorts,
): Promise<'right' | 'wrong' | { readonly wait: number } | Refusal> {
  const taken = await takeFor(visitor, 'login', login.perAddress, [], limits)
  if (!('ok' in taken)) return taken
  const wait = await tries.begin(...counter, login)
  if (wait) return { wait }
  if (!(await passwords.matches(typed, hash))) return 'wrong'
  await tries.clear(...counter)
  return 'right'
}

/** What is said instead of looking at a password: when to come back, in the unit that people count in. */
export function comeBack(
  seconds: number,
  field: string,
  sentences: 'login' | 'presentPassword',
): Refusal {
  const more = { status: 429, retryAfter: seconds } as const
  const minutes = Math.ceil(seconds / 60)
  return seconds < 120
    ? refuse(field, `${sentences}.seconds`, { ...more, params: { seconds } })
    : refuse(field, `${sentences}.minutes`, { ...more, params: { minutes } })
}
