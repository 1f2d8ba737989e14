import type { AdapterPayload, KoaContextWithOIDC, Session } from 'oidc-provider'

/** Which sign-in a session or a grant comes from, and against which version of the account it was verified. */
export type SignedInBy = {
  /** The session's `uid`. */
  readonly session: string
  /** Absent in what was stored before sign-ins knew it. */
  readonly version?: number
}

type Stored = { readonly uid?: string | undefined; readonly version?: unknown }

/** The sign-in of a stored session. */
export const signedInBy = ({ uid = '', version }: Stored): SignedInBy => ({
  session: uid,
  ...(typeof version === 'number' && { version }),
})

/** The sign-in of a stored grant. */
export const signInOfGrant = (grant: AdapterPayload): SignedInBy =>
  (grant['signIn'] as SignedInBy | undefined) ?? signedInBy({})

/** The sign-in that a request belongs to. A step-up changes neither its time nor its version. */
export function signInOf({ oidc }: KoaContextWithOIDC): SignedInBy | undefined {
  const { login } = oidc.result ?? {}
  const session: (Session & Stored) | undefined = oidc.session
  if (!session) return undefined
  const isNew = login !== undefined && login.ts === undefined
  return signedInBy({ uid: session.uid, version: isNew ? login['version'] : session.version })
}

/** To be called before a session is saved. */
export function noteVersion(session: Session, ctx: KoaContextWithOIDC): void {
  const { version } = signInOf(ctx) ?? {}
  if (version !== undefined) Object.assign(session, { version })
}
