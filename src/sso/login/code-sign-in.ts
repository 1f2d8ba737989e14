import type { Account } from '../../people/account.ts'
import { usernameKey } from '../../people/fields/username.ts'
import { frozenRefusal } from '../../people/frozen-account.ts'
import { networkAround } from '../../people/network.ts'
import { type Refusal, refuse } from '../../people/refusal.ts'
import type { Visitor } from '../../people/visitor.ts'
import { requesterOf } from '../../ports/passwords.ts'
import { takeAttempt } from '../../proofs/attempt-limits.ts'
import { deviceCodes, ownCodes } from '../../proofs/sms-allowances.ts'
import { checkSmsCode } from '../../proofs/sms-code.ts'
import { triesOfLogin } from '../../proofs/tries-counters.ts'
import {
  countUndisclosedCode,
  storeAndDefer,
  type UndisclosedCodePorts,
} from '../../proofs/undisclosed-code.ts'
import { bindingOf, isSameVersion, type PasswordTyped, provedPart } from './code-sign-in-state.ts'
import { completeSignIn, type SignedInAccount, type SignInRequest } from './complete-sign-in.ts'
import { notifyNewDevice } from './new-device-notice.ts'
import type { SignInForm, SignInPorts } from './password-sign-in.ts'

export type CodeSignInPorts = SignInPorts & UndisclosedCodePorts

/**
 * Compares a password without disclosing the result, and sends a code to the phone of its account. It is the way through
 * the wait after wrong passwords (decision 0226): nobody learns from it whether a password is right but the holder of the
 * phone, so a wrong one begins no wait, and the limits count what was typed.
 */
export async function requestSignInCode(
  { username, password }: SignInForm,
  visitor: Visitor,
  request: SignInRequest,
  ports: CodeSignInPorts,
): Promise<PasswordTyped | Refusal> {
  const { accounts, audit, defer, limits, passwords, policy } = ports
  const taken = await takeAttempt(visitor, 'login', policy.login.perAddress, [], limits)
  if (!('ok' in taken)) return taken
  const found = await accounts.findByUsername(username)
  const refused = await countCode(username, found, visitor, request, ports)
  if (refused) return refused
  const by = requesterOf(visitor, triesOfLogin(username, found, visitor).join(' '))
  const isRight = await passwords.matches(password, found?.passwordHash, by, 'always')
  const account = isRight ? found : undefined
  const typed = { username, ...(account && { account: provedPart(account) }) }
  await sendCode(typed, account, visitor, request, ports)
  // After the response, like the message: neither delays it.
  if (!account)
    defer('failed sign-in', () =>
      audit.record({
        ...{ what: 'sign-in-failed', clientId: request.clientId, address: visitor.address },
        ...{ detail: 'password', ...(found && { accountId: found.id }) },
      }),
    )
  return typed
}

/** Sends another code after the same password. */
export async function repeatSignInCode(
  typed: PasswordTyped,
  visitor: Visitor,
  request: SignInRequest,
  ports: CodeSignInPorts,
): Promise<'sent' | Refusal> {
  const found = await ports.accounts.findByUsername(typed.username)
  const refused = await countCode(typed.username, found, visitor, request, ports)
  if (refused) return refused
  const account = found && isSameVersion(found, typed) ? found : undefined
  await sendCode(typed, account, visitor, request, ports)
  return 'sent'
}

/** Signs in with the code that followed a right password. */
export async function signInWithCode(
  typedCode: string,
  typed: PasswordTyped,
  visitor: Visitor,
  request: SignInRequest,
  ports: CodeSignInPorts,
): Promise<SignedInAccount | Refusal> {
  const code = bindingOf(request, typed)
  const wrong = await checkSmsCode(code, typedCode, ports)
  if (wrong) return wrong
  const found = typed.account && (await ports.accounts.findById(typed.account.id))
  const isUsable = found && isSameVersion(found, typed) && (await ports.smsCodes.use(code))
  const entered = isUsable && (await completeSignIn(found, request, visitor.address, ports, 'sms'))
  if (entered === 'frozen') return frozenRefusal
  if (!entered) return refuse('smsCode', 'smsCode.expired')
  if (!visitor.isRemembered(found.id)) await notifyNewDevice(found, visitor, request.by, ports)
  return entered
}

/** Counts what was typed: of a remembered device for itself, of all others by network. */
const countCode = (
  username: string,
  found: Account | undefined,
  visitor: Visitor,
  { by }: SignInRequest,
  ports: CodeSignInPorts,
): Promise<Refusal | undefined> => {
  const typed = `${usernameKey(username)} ${networkAround(visitor.address)}`
  const own = [
    ...(found && visitor.isRemembered(found.id)
      ? [deviceCodes(found.id, visitor, ports.policy)]
      : []),
    ownCodes('sign-in', typed, ports.policy),
  ]
  return countUndisclosedCode(by, own, visitor, ports)
}

/** The codes for a right password are counted for the account, after the response. */
const sendCode = (
  typed: PasswordTyped,
  account: Account | undefined,
  visitor: Visitor,
  request: SignInRequest,
  ports: CodeSignInPorts,
): Promise<void> => {
  const hidden = account ? ownCodes('password', account.id, ports.policy) : []
  return storeAndDefer(bindingOf(request, typed), account, visitor, ports, hidden)
}
