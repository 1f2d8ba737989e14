import type { KoaContextWithOIDC, Provider, Session } from 'oidc-provider'
import { assertSeam, internalModule } from '../assert-seam.ts'

const { generateXsrf } = await internalModule('shared/xsrf.js')

/** The fields by which oidc-provider signs a session in. */
const loginFields = ['accountId', 'loginTs', 'acr', 'amr'] as const

/**
 * Patches: fields of the session of a request, `ctx.oidc.session`.
 * Why: oidc-provider signs the session in before it checks whether the sign-in may stand (`undoLogin`), and fails when it
 * saves a session of a form that was posted after its session had ended (`discardSession`). It hands its forms over as
 * HTML, while our pages render their fields with our own buttons and texts, and need the value of the field `xsrf` that
 * it expects back, `session.state.secret` (`formToken`).
 * Shown by: test/sso/ended-sessions.test.ts, test/sso/device-flow.test.ts, test/sso/single-logout.test.ts.
 * On an upgrade: look at `loginAccount` in lib/models/session.js, at `touched` in lib/helpers/initialize_app.js and at
 * lib/shared/xsrf.js.
 */
export function assertSessionChanges({ Session: sessions }: Provider): void {
  const session = new (sessions as unknown as new () => Session)()
  const before = Object.keys(session)
  session.loginAccount({ accountId: 'a', acr: 'b', amr: ['c'] })
  const added = Object.keys(session).filter((name) => !before.includes(name))
  const isKnown = JSON.stringify(added.sort()) === JSON.stringify([...loginFields].sort())
  assertSeam(isKnown, 'session-changes', `a login sets ${loginFields.join(', ')} and nothing else`)
  session.resetIdentifier()
  const { touched } = session as unknown as { readonly touched?: unknown }
  assertSeam(touched === true, 'session-changes', 'Session.touched tells what has to be saved')
}

/** Takes back the sign-in that this request has put into the session. */
export function undoLogin(session: Session | undefined): void {
  for (const field of loginFields) delete session?.[field]
}

/** Leaves out of the store what this request has put into the session. */
export function discardSession(session: Session | undefined): void {
  Object.assign(session ?? {}, { touched: false })
}

export function assertFormToken(generate: unknown = generateXsrf): void {
  assertSeam(
    typeof generate === 'function',
    'session-changes',
    'lib/shared/xsrf.js has generateXsrf',
  )
  const session: { state?: Readonly<Record<string, unknown>> } = {}
  generate({ oidc: { session } }, () => undefined)
  const isThere = typeof session.state?.['secret'] === 'string'
  assertSeam(isThere, 'session-changes', 'the token of a form is session.state.secret')
}

export const formToken = ({ oidc }: KoaContextWithOIDC): unknown => oidc.session?.state?.['secret']
