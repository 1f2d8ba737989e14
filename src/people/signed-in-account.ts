import type { Account } from './account.ts'

/** Who is signed in at this browser, as the account stood when the request came in. */
export type SignedIn = {
  readonly account: Account
  /** This sign-in's id among all of the account (`SignIns`). */
  readonly signIn: string
}

/** Who is signed in, on pages behind the login. */
export function signedInOf({ signedIn }: { readonly signedIn?: SignedIn | undefined }): SignedIn {
  if (!signedIn) throw new Error('a page of an account without anybody signed in')
  return signedIn
}
