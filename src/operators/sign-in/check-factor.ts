import { isActive, type Operator } from '../../people/operator.ts'
import { type Refusal, refuse } from '../../people/refusal.ts'
import { timeStepOf } from '../factors/one-time-password.ts'
import { usedPasskey } from '../factors/passkeys.ts'
import { foldRecoveryCode } from '../factors/recovery-codes.ts'
import { recordFailure } from './operator-password.ts'
import type { OperatorSignInPorts, PendingSignIn } from './operator-sign-in-ports.ts'

type Typed = Readonly<Record<string, string>>

/** Checks the second factor of a pending sign-in. Resolves to the operator as the sign-in may start their session. */
export async function checkFactor(
  factor: 'code' | 'recovery' | 'passkey',
  typed: Typed,
  state: PendingSignIn,
  network: string,
  ports: OperatorSignInPorts,
): Promise<Operator | Refusal> {
  const { operators } = ports
  if (factor === 'passkey') return checkPasskey(typed, state, ports)
  const field = factor === 'code' ? 'totpCode' : 'recoveryCode'
  const code = typed[field]?.replace(/\s/g, '') ?? ''
  if (!code) return refuse(field, `${field}.missing`)
  const found = state.operatorId ? await operators.findById(state.operatorId) : undefined
  const operator = found && isAsBefore(found, state) ? found : undefined
  if (!operator && !state.rests) return refuse('form', 'operatorLogin.expired')
  const begun = await ports.signInTries.begin(state.username, network)
  if (!('takeBack' in begun) || state.rests || !operator)
    return refuse('form', 'operatorLogin.rested', {
      status: 429,
      retryAfter: begun.wait || (await ports.signInTries.wait(state.username, network)) || 1,
    })
  const isRight = factor === 'code' ? isTotpRight(operator, code) : isRecoveryRight(operator, code)
  if (isActive(operator) && (await isRight)) return operator
  await recordFailure(operator, { network, detail: factor, isLast: begun.isLast }, ports)
  return refuse(field, `${field}.wrong`)

  async function isTotpRight({ id, credentials }: Operator, code: string): Promise<boolean> {
    const secret = credentials?.totpSecret
    const step = secret && timeStepOf(secret, code, ports.clock())
    return step !== undefined && step !== '' && operators.useTimeStep(id, step)
  }
  async function isRecoveryRight({ id }: Operator, code: string): Promise<boolean> {
    return operators.useRecoveryCode(id, foldRecoveryCode(code))
  }
}

/** A passkey cannot be guessed, so its failures are not counted. */
async function checkPasskey(
  typed: Typed,
  state: PendingSignIn,
  { operators, passkeyParty }: OperatorSignInPorts,
): Promise<Operator | Refusal> {
  const { username, challenge } = state
  const operator = await operators.findByUsername(username)
  const passkeys = operator?.credentials?.passkeys ?? []
  const used = await usedPasskey(passkeyParty, typed['credential'], challenge, passkeys)
  const isCounted =
    used && operator && (await operators.countPasskeyUse(operator, used.passkey, used.counter))
  if (!isCounted || !isActive(operator)) return refuse('form', 'passkey.wrong')
  // The password was compared before, while the name rested or not.
  return isAsBefore(operator, state) ? operator : refuse('form', 'operatorLogin.wrong')
}

/** Whether the password that was compared is still the operator's. */
const isAsBefore = ({ id, resets }: Operator, state: PendingSignIn): boolean =>
  id === state.operatorId && resets === state.resets
