import type { Account } from './account.ts'

/** The account that is signed in at this browser, as it was at the beginning of the request. */
export type SignedIn = {
  readonly account: Account
  /** The id of this browser's session among those of the account (`AccountSessions`). */
  readonly signIn: string
}

/** The signed-in account on a page that requires a login. */
export function signedInOf({ signedIn }: { readonly signedIn?: SignedIn | undefined }): SignedIn {
  if (!signedIn) throw new Error('a page of an account without anybody signed in')
  return signedIn
}
