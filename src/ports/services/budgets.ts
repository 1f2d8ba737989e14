/** Services that are paid by use, each with a budget. */
export type BudgetName = 'sms' | 'bank'

/**
 * The recipient of a message or check. `registered`, a registered phone or person, may use the whole budget; `anyone`
 * may use all but the reserve.
 */
export type Recipient = 'registered' | 'anyone'

/**
 * An alarm, reported once for each window. A number is the percentage of the budget that is spent; `shared`: all but
 * the reserve is spent; `surge`: many times the usual use in an hour; `unused-codes`: few codes of the last hour were
 * used.
 */
export type BudgetAlarm =
  | `${'hour' | 'day'}.${'50' | '80' | '100' | 'shared'}`
  | 'hour.surge'
  | 'hour.unused-codes'

/** If not granted, `retryAfter` are the seconds until the budget is renewed. */
export type BudgetSpent =
  | { readonly granted: true; giveBack(): Promise<void> }
  | { readonly granted: false; readonly retryAfter: number }

/**
 * The budgets per hour and per day that all processes share. Promises:
 * - no budget is exceeded in its window, which begins with the first use, even by concurrent requests;
 * - each alarm is reported by one process only, once for each window.
 */
export interface Budgets {
  /** Counts one use. `isCode`: the use is an SMS code; the share of used codes is measured. */
  spend(name: BudgetName, recipient: Recipient, isCode?: boolean): Promise<BudgetSpent>
  /** Counts a used SMS code. */
  codeUsed(): Promise<void>
}
