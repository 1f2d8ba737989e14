import type { Configuration } from 'oidc-provider'

/**
 * The provider's cookies. Over https their names bind them to this host (`__Host-`) or to https (`__Secure-`: those
 * that live at the path of one request), and the session goes along when another site posts to the authorization
 * endpoint. Names are our own, since on a desk every system shares the host `localhost`.
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
    keys: [...keys],
  }
}
