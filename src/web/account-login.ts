import type { Context } from './context.ts'

/** A sign-in at this browser: whose, and its id among the account's (`SignIns`). */
export type Presence = { readonly accountId: string; readonly signIn: string }

/** How pages of the platform itself have people sign in: by its own OpenID Connect login (`src/sso/login/account-login.ts`). */
export type AccountLogin = {
  /** Who is signed in; asking counts as use, so the sign-in stays while its pages are used. */
  present(ctx: Context): Promise<Presence | undefined>
  /** Sends the person to the login page, and from there to `wanted`, a path below `/account`. */
  ask(ctx: Context, wanted: string): void
  /** Where `/account/callback` leads: to what was wanted. */
  back(ctx: Context): void
  /** The address that signs out, after asking. */
  readonly signOut: string
}
