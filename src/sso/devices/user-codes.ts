import { errors, type KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import { compact } from '../../people/fields/typed-text.ts'
import { type Refusal, refuse } from '../../people/refusal.ts'
import type { Limits } from '../../ports/limits.ts'
import { addressRefusal, takeAttempt } from '../../proofs/attempt-limits.ts'
import type { CaptchaPage } from '../../proofs/captcha-risk.ts'
import { type CaptchaPorts, checkCaptcha } from '../../proofs/check-captcha.ts'
import type { Context } from '../../web/context.ts'
import { visitorOf } from '../../web/http/visitor-of.ts'
import { type FormFields, formFieldsOf } from '../provider/form-fields.ts'
import type { DeviceCodeHooks } from '../provider/patches/device-code-lookups.ts'

export type UserCodePorts = CaptchaPorts & {
  readonly limits: Limits
  readonly policy: Pick<Policy, 'userCode'>
}

/** The refusals of an attempt before the code is looked up; none if the person only asked for another captcha. */
export class UserCodeRefused extends errors.OIDCProviderError {
  readonly refusals: readonly Refusal[]
  constructor(refusals: readonly Refusal[]) {
    super(refusals[0]?.status ?? 422, 'access_denied')
    this.refusals = refusals
  }
}

const limitName = 'userCode'

/**
 * Limits guesses of user codes, which are short enough to be typed (RFC 8628, 5.1). After a number of wrong codes an
 * hour from one network address each attempt needs a captcha; after many more the address has to wait. An attempt is
 * counted before the look-up and uncounted if the code was right. The confirmation page after it is not counted
 * (decision 0110).
 */
export function limitUserCodes(ports: UserCodePorts): DeviceCodeHooks['byUserCode'] {
  const { limits, policy } = ports
  async function countTry(ctx: KoaContextWithOIDC, typed: FormFields) {
    if (typed['action'] === 'captcha' || typed['action'] === 'listen') throw new UserCodeRefused([])
    const page = captchaPageOf(ctx as unknown as Context)
    const checked = typed['captcha']
      ? await checkCaptcha(typed['captchaId'], typed, page, ports)
      : undefined
    if (checked && 'code' in checked) throw new UserCodeRefused([checked])
    const visitor = visitorOf(ctx as unknown as Context, checked?.level)
    const taken = await takeAttempt(visitor, limitName, policy.userCode.perAddress, [], limits)
    if ('code' in taken) throw new UserCodeRefused([taken])
    return taken
  }

  return async (normalized, find) => {
    const { ctx } = Provider
    if (!ctx) throw new Error('a code is looked up for a request only')
    const { session } = ctx.oidc
    const code = foldUserCode(formFieldsOf(ctx)['user_code'] ?? normalized)
    if (session?.state?.['found'] === code) return find(code)
    const taken = await countTry(ctx, formFieldsOf(ctx))
    const deviceCode = await find(code)
    if (!deviceCode) return undefined
    await taken.giveBack()
    if (session) session.state = { ...session.state, found: code }
    return deviceCode
  }
}

/** Normalises a code like oidc-provider (RFC 8628, 6.1), but converts full-width letters instead of removing them. */
const foldUserCode = (typed: string): string => compact(typed).toUpperCase().replace(/\W/g, '')

/** `/device` as its captcha knows it. */
export const captchaPageOf = (ctx: Context): CaptchaPage => ({
  purpose: 'device',
  address: visitorOf(ctx, false).address,
})

/** Whether the next attempt of this visitor needs a captcha. */
export async function needsCaptcha(ctx: Context, { limits, policy }: UserCodePorts) {
  const refusal = await addressRefusal(
    visitorOf(ctx, false),
    limitName,
    policy.userCode.perAddress,
    limits,
  )
  return refusal !== undefined
}

/** The refusal for each error of oidc-provider. */
export const codeRefusals: Readonly<Record<string, Refusal>> = {
  NoCodeError: refuse('user_code', 'device.code.required'),
  NotFoundError: refuse('user_code', 'device.code.unknown'),
  ExpiredError: refuse('user_code', 'device.code.expired'),
  AlreadyUsedError: refuse('user_code', 'device.code.used'),
}
