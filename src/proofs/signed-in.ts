import type { Account } from '../people/account.ts'

/** Who is signed in at this browser, as the account stood when the request came in. */
export type SignedIn = {
  readonly account: Account
  /** This sign-in's id among all of the account (`SignIns`). */
  readonly signIn: string
}
