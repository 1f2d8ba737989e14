import type { Context } from './context.ts'

/** The account that is signed in at this browser, and the id of its session (`AccountSessions`). */
export type Presence = { readonly accountId: string; readonly signIn: string }

/**
 * Signs people in to the pages of the platform itself, by its own OpenID Connect login
 * (`src/sso/login/account-login.ts`).
 */
export type AccountLogin = {
  /** Finds who is signed in. A call counts as use, so that the session lasts while the pages are used. */
  present(ctx: Context): Promise<Presence | undefined>
  /** Redirects to the login page, and from there to `wanted`, a path below `/account`. */
  ask(ctx: Context, wanted: string): void
  /** Answers `/account/callback` with a redirect to the requested page. */
  back(ctx: Context): void
  /** The address that signs out after a confirmation. */
  readonly signOut: string
}
