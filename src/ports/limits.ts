/** One allowance: so many within so long, counted for one subject. */
export type Allowance = {
  /** What is counted, e.g. `sms.phone`; names the counter. */
  readonly name: string
  /** Whose it is; stored only as a keyed digest. */
  readonly subject: string
  readonly count: number
  /** Seconds from the first. */
  readonly window: number
}

/** Not taken: which allowance was used up, and for how many seconds yet. */
export type Taken =
  | { readonly ok: true; giveBack(): Promise<void> }
  | { readonly ok: false; readonly name: string; readonly retryAfter: number }

/** The rest of an allowance in the present window, which ends after `retryAfter` seconds. */
export type Remaining = {
  readonly name: string
  readonly left: number
  readonly retryAfter: number
}

/**
 * Counting limits. Promises:
 * - `take` counts one in each allowance, or in none; a race never lets one more through;
 * - a window begins with the first and is not prolonged by later ones.
 */
export interface Limits {
  take(allowances: readonly Allowance[]): Promise<Taken>
  /** How many were counted in the present window; counts nothing. */
  counted(allowance: Allowance): Promise<number>
  /** The rest of each allowance, in their order; counts nothing. */
  left(allowances: readonly Allowance[]): Promise<readonly Remaining[]>
}

export type TryRule = {
  /** Free failures before the first wait. */
  readonly failures: number
  /** Seconds in which those failures are added up. */
  readonly window: number
  /** Seconds to wait after the n-th failure beyond; the last one repeats. */
  readonly waits: readonly number[]
  /** Seconds after the last wait until the failures are free again; the window unless told. */
  readonly quiet?: number
}

/**
 * Tries at a secret (password, security questions). A try is counted before the secret is looked at and
 * taken back by success, so that a race never gives one try too many.
 */
export interface Tries {
  /** Seconds to wait, or 0: then one try was counted. */
  begin(name: string, subject: string, rule: TryRule): Promise<number>
  /** Seconds to wait before the next try, or 0; counts nothing. */
  wait(name: string, subject: string): Promise<number>
  /** The secret was right: the counter starts anew. */
  clear(name: string, subject: string): Promise<void>
}
