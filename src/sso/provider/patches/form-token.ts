import type { KoaContextWithOIDC } from 'oidc-provider'
import { assertSeam, internalModule } from '../assert-seam.ts'

const { generateXsrf } = await internalModule('shared/xsrf.js')

/**
 * Patches: nothing; reads `session.state.secret`, the value of the field `xsrf` that oidc-provider expects back.
 * Why: oidc-provider hands its forms over as HTML; our pages render the same fields with their own buttons and texts.
 * Shown by: test/sso/single-logout.test.ts, test/sso/device-flow.test.ts.
 * On an upgrade: look at lib/shared/xsrf.js.
 */
export function assertFormToken(generate: unknown = generateXsrf): void {
  assertSeam(typeof generate === 'function', 'form-token', 'lib/shared/xsrf.js has generateXsrf')
  const session: { state?: Readonly<Record<string, unknown>> } = {}
  generate({ oidc: { session } }, () => undefined)
  const isThere = typeof session.state?.['secret'] === 'string'
  assertSeam(isThere, 'form-token', 'the token of a form is session.state.secret')
}

export const formToken = ({ oidc }: KoaContextWithOIDC): unknown => oidc.session?.state?.['secret']
