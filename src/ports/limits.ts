/** An allowance: at most `count` attempts of one subject within `window`, or attempts whose `amount` is that in all. */
export type Allowance = {
  /** The name of the counter, e.g. `sms.phone`. */
  readonly name: string
  /** The phone, card, account, address … whose attempts are counted; stored only as a blind index. */
  readonly subject: string
  readonly count: number
  /** Seconds from the first attempt. */
  readonly window: number
  /** The amount that this attempt counts; default: 1. */
  readonly amount?: number
}

/** If not `ok`: the name of the allowance that was used up, and the seconds until it is renewed. */
export type Taken =
  | { readonly ok: true; giveBack(): Promise<void> }
  | { readonly ok: false; readonly name: string; readonly retryAfter: number }

/** The attempts that are left in the present window, which ends after `retryAfter` seconds. */
export type Remaining = {
  readonly name: string
  readonly left: number
  readonly retryAfter: number
}

/**
 * Counts attempts in fixed windows. Promises:
 * - `take` counts one attempt in each allowance, or in none; concurrent requests never exceed an allowance;
 * - a window begins with its first attempt, and later attempts do not prolong it.
 */
export interface Limits {
  take(allowances: readonly Allowance[]): Promise<Taken>
  /** The attempts in the present window; counts none. */
  counted(allowance: Allowance): Promise<number>
  /** The attempts that are left in each allowance, in the same order; counts none. */
  left(allowances: readonly Allowance[]): Promise<readonly Remaining[]>
}

export type TryRule = {
  /** The failures before the first wait. */
  readonly failures: number
  /** Seconds after which these failures are forgotten. */
  readonly window: number
  /** Seconds to wait after each further failure; the last value repeats. */
  readonly waits: readonly number[]
  /** Seconds after the last wait until all failures are forgotten; default: `window`. */
  readonly quiet?: number
}

/**
 * Counts failed tries at a secret (password, security questions). A try is counted before the secret is compared, and
 * taken back after success, so that concurrent requests never get one try too many.
 */
export interface Tries {
  /** Counts a try and returns 0, or counts none and returns the seconds to wait. */
  begin(name: string, subject: string, rule: TryRule): Promise<number>
  /** The seconds to wait before the next try, or 0; counts none. */
  wait(name: string, subject: string): Promise<number>
  /** The tries that were counted and not reset yet; counts none. */
  failed(name: string, subject: string, rule: TryRule): Promise<number>
  /** Takes a counted try back that compared nothing, with the wait that it began. */
  giveBack(name: string, subject: string): Promise<void>
  /** Resets the counter after a right secret. */
  clear(name: string, subject: string): Promise<void>
}
