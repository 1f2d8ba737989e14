import type { DeviceCode, Provider } from 'oidc-provider'
import { assertSeam } from '../assert-seam.ts'

type Found = DeviceCode | undefined
type DeviceCodes = {
  find(code: string, options?: object): Promise<Found>
  findByUserCode(code: string, options?: object): Promise<Found>
}

export type DeviceCodeHooks = {
  /** Wraps the look-up of a code that a person typed. */
  readonly byUserCode: (typed: string, find: (code: string) => Promise<Found>) => Promise<Found>
  /** Is called with a code that was found; may throw an error of the protocol. */
  readonly found: (code: DeviceCode) => Promise<void>
}

/**
 * Patches: the static methods `find` and `findByUserCode` of DeviceCode.
 * Why: guesses of user codes are limited (RFC 8628, 5.1), and a device that polls too fast gets `slow_down` (RFC 8628,
 * 3.5). oidc-provider does neither, and has no option that is asked before a look-up.
 * Shown by: test/sso/device-flow.test.ts.
 * On an upgrade: look at lib/models/device_code.js, lib/actions/code_verification.js and
 * lib/actions/grants/device_code.js.
 */
export function hookDeviceCodes(provider: Provider, { byUserCode, found }: DeviceCodeHooks): void {
  const codes = provider.DeviceCode as unknown as DeviceCodes
  const { find, findByUserCode } = codes
  for (const name of ['find', 'findByUserCode'] as const)
    assertSeam(
      Object.hasOwn(codes, name) && typeof codes[name] === 'function',
      'device-code-lookups',
      `DeviceCode.${name} is a static method`,
    )
  codes.find = async (value, options) => {
    const code = await find.call(codes, value, options)
    if (code) await found(code)
    return code
  }
  codes.findByUserCode = (normalized, options) =>
    byUserCode(normalized, (code) => findByUserCode.call(codes, code, options))
}
