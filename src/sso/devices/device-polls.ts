import { type DeviceCode, errors, Provider } from 'oidc-provider'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import type { Limits } from '../../ports/limits.ts'

/**
 * Rejects a device that polls too fast while the person has not answered (`slow_down`, RFC 8628, 3.5). An answer that
 * is ready is given however soon the device comes.
 */
export const slowDownPolls =
  ({ limits, policy }: { readonly limits: Limits; readonly policy: Pick<Policy, 'devicePolls'> }) =>
  async (code: DeviceCode): Promise<void> => {
    const oidc = Provider.ctx?.oidc
    const isPending = !code.accountId && !code.error && !code.isExpired
    if (!isPending || oidc?.route !== 'token' || oidc.client?.clientId !== code.clientId) return
    const allowance = { name: 'devicePolls', subject: code.jti, ...policy.devicePolls }
    const { ok } = await limits.take([allowance])
    if (!ok) throw new errors.SlowDown()
  }
