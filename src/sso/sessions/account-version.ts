import type { AdapterPayload, KoaContextWithOIDC, Session } from 'oidc-provider'

/**
 * The session that a grant belongs to, and the version of the account that the sign-in was verified against (decision
 * 0181).
 */
export type VerifiedSession = {
  /** The session's `uid`. */
  readonly session: string
  /** Absent in records that are older than this field. */
  readonly version?: number
}

type Stored = { readonly uid?: string | undefined; readonly version?: unknown }

/** The session and version of a stored session. */
export const verifiedSession = ({ uid = '', version }: Stored): VerifiedSession => ({
  session: uid,
  ...(typeof version === 'number' && { version }),
})

/** The session and version of a stored grant. */
export const sessionOfGrant = (grant: AdapterPayload): VerifiedSession =>
  (grant['signIn'] as VerifiedSession | undefined) ?? verifiedSession({})

/** The session and version of a request. A step-up changes neither the time nor the version. */
export function sessionOfRequest({ oidc }: KoaContextWithOIDC): VerifiedSession | undefined {
  const { login } = oidc.result ?? {}
  const session: (Session & Stored) | undefined = oidc.session
  if (!session) return undefined
  const isNew = login !== undefined && login.ts === undefined
  return verifiedSession({ uid: session.uid, version: isNew ? login['version'] : session.version })
}

/** To be called before a session is saved. */
export function noteVersion(session: Session, ctx: KoaContextWithOIDC): void {
  const { version } = sessionOfRequest(ctx) ?? {}
  if (version !== undefined) Object.assign(session, { version })
}
