/** A counted try: either it was not counted because the name rests, for `wait` seconds, or it can be taken back. */
export type BegunTry =
  | { readonly wait: number }
  | {
      readonly wait: 0
      /** Whether the name rests from now on, unless this try is taken back. */
      readonly isLast: boolean
      takeBack(): Promise<void>
    }

/**
 * Failures at the sign-in of operators, by typed name (existing or not) and network. A try is counted before a secret is
 * compared, and taken back if the secret is right, so that concurrent requests never get one try too many.
 */
export interface SignInTries {
  begin(username: string, network: string): Promise<BegunTry>
  /** The seconds for which the name rests, or 0. */
  wait(username: string, network: string): Promise<number>
  /** Forgets all failures after a sign-in. */
  clear(username: string, network: string): Promise<void>
}
