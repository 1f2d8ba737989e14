import * as z from 'zod'
import { typedPassword } from '../../people/fields/password.ts'
import { username } from '../../people/fields/username.ts'
import { isActive, type Operator } from '../../people/operator.ts'
import type { OperatorSignInPorts } from './operator-sign-in-ports.ts'

export const operatorSignInForm = z.object({ username, password: typedPassword })

export type CheckedPassword =
  | { readonly verdict: 'right'; readonly operator: Operator }
  | { readonly verdict: 'wrong' }
  /** `operator` is only present if the password is right; no answer before the passkey's may depend on it. */
  | { readonly verdict: 'rests'; readonly wait: number; readonly operator?: Operator }

/** Compares a password within the limit of the name and the network. An unknown name takes as long as a known one. */
export async function checkOperatorPassword(
  typed: z.infer<typeof operatorSignInForm>,
  network: string,
  ports: OperatorSignInPorts,
): Promise<CheckedPassword> {
  const { operators, passwords, signInTries } = ports
  const found = await operators.findByUsername(typed.username)
  const begun = await signInTries.begin(typed.username, network)
  const hash = found && isActive(found) ? found.credentials?.passwordHash : undefined
  const isRight = await passwords.matches(typed.password, hash, {
    ...{ name: `operator ${typed.username}`, address: network },
  })
  if (begun.wait > 0)
    return { verdict: 'rests', wait: begun.wait, ...(isRight && found && { operator: found }) }
  if (!('takeBack' in begun)) throw new Error('a try that was neither counted nor refused')
  if (isRight && found) {
    await begun.takeBack()
    return { verdict: 'right', operator: found }
  }
  await recordFailure(found, { network, detail: 'password', isLast: begun.isLast }, ports)
  return { verdict: 'wrong' }
}

type Failure = { readonly network: string; readonly detail: string; readonly isLast: boolean }

/** Stores the audit event of a failure, and a 提醒 when the name rests from now on. */
export async function recordFailure(
  operator: Operator | undefined,
  { network, detail, isLast }: Failure,
  { alerts, audit }: Pick<OperatorSignInPorts, 'alerts' | 'audit'>,
): Promise<void> {
  const whose = operator && { operator: operator.id }
  await audit.record({ what: 'operator-sign-in-failed', address: network, detail, ...whose })
  if (isLast) await alerts.raise({ kind: 'sign-in-rested', network, ...whose })
}
