import { errors, Provider } from 'oidc-provider'
import type { Policy } from '../../../config/policy.ts'
import type { Limits } from '../../ports/limits.ts'

type Code = {
  readonly jti: string
  readonly clientId: string
  readonly accountId?: string
  readonly error?: string
  readonly isExpired: boolean
}
type Codes = { find(code: string, options?: object): Promise<Code | undefined> }

/**
 * RFC 8628, 3.5: a device that asks again too soon, while the person hasn't answered, is told to slow down. What it may
 * have by now it gets, however soon it comes.
 */
export function slowDownPolls(
  provider: Provider,
  { limits, policy }: { readonly limits: Limits; readonly policy: Pick<Policy, 'devicePolls'> },
): void {
  const codes = provider.DeviceCode as unknown as Codes
  const { find } = codes
  codes.find = async (value, options) => {
    const code = await find.call(codes, value, options)
    const oidc = Provider.ctx?.oidc
    const isPending = code && !code.accountId && !code.error && !code.isExpired
    if (!isPending || oidc?.route !== 'token' || oidc.client?.clientId !== code.clientId)
      return code
    const allowance = { name: 'devicePolls', subject: code.jti, ...policy.devicePolls }
    const { ok } = await limits.take([allowance])
    if (!ok) throw new errors.SlowDown()
    return code
  }
}
