import Keygrip from 'keygrip'
import type { Configuration } from 'oidc-provider'

/**
 * The provider's cookies. Over https the prefix of their names binds them to this host (`__Host-`), or to https for
 * cookies of one path (`__Secure-`), and the session cookie is sent when another site posts to the authorization
 * endpoint. The names are our own, because all programs of a developer share the host `localhost`.
 */
export function providerCookies(
  issuer: string,
  keys: readonly string[],
): NonNullable<Configuration['cookies']> {
  const https = issuer.startsWith('https:')
  const common = { httpOnly: true, signed: true, overwrite: true, ...(https && { secure: true }) }
  return {
    names: {
      session: https ? '__Host-uup_session' : 'uup_session',
      interaction: https ? '__Secure-uup_interaction' : 'uup_interaction',
      resume: https ? '__Secure-uup_resume' : 'uup_resume',
    },
    long: { ...common, sameSite: 'none', path: '/' },
    short: { ...common, sameSite: 'lax' },
    keys: cookieKeygrip(keys),
  }
}

/** Signs cookies. oidc-provider would take keygrip's default, SHA-1. */
export const cookieKeygrip = (keys: readonly string[]) => new Keygrip(keys, 'sha256')
