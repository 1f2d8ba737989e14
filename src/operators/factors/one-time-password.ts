import { Secret, TOTP } from 'otpauth'
import { toString as drawQrCode } from 'qrcode'

/** RFC 6238 with what authenticator apps understand: SHA-1, 6 digits, 30 s. */
const rules = { algorithm: 'SHA1', digits: 6, period: 30 } as const

/** Steps before and after the present one that are accepted (RFC 6238, 5.2). */
const tolerance = 1

/** 160 bits, as RFC 4226, 4 recommends, in base32. */
export const newTotpSecret = (): string => new Secret({ size: 20 }).base32

/** The time step whose code was typed; undefined if there is none within the tolerance. */
export function timeStepOf(secret: string, typed: string, now: number): number | undefined {
  if (!/^\d{6}$/.test(typed)) return undefined
  const totp = new TOTP({ ...rules, secret })
  const delta = totp.validate({ token: typed, window: tolerance, timestamp: now })
  return delta === null ? undefined : Math.floor(now / 1000 / rules.period) + delta
}

/** The QR code of the secret for an authenticator app, as an SVG element. */
export function totpPicture(
  secret: string,
  { issuer, username }: { readonly issuer: string; readonly username: string },
): Promise<string> {
  const uri = new TOTP({ ...rules, secret, issuer, label: username }).toString()
  return drawQrCode(uri, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 })
}
