/** Services that are paid by use, each with a budget. */
export type BudgetName = 'sms' | 'bank'

/**
 * For whom it is spent. `registered`: a message to a registered phone, or the check of a registered person; these may
 * use the whole budget, `anyone` all but the reserve.
 */
export type Recipient = 'registered' | 'anyone'

/**
 * What happened to a budget, once for each window. A number: so many percent of it are spent. `shared`: all but the
 * reserve is spent. `surge`: many times the usual hour. `unused-codes`: few codes of the last hour were used.
 */
export type BudgetAlarm =
  | `${'hour' | 'day'}.${'50' | '80' | '100' | 'shared'}`
  | 'hour.surge'
  | 'hour.unused-codes'

/** Not granted: for how many seconds the budget is spent yet. */
export type BudgetSpent =
  | { readonly granted: true; giveBack(): Promise<void> }
  | { readonly granted: false; readonly retryAfter: number }

/**
 * Budgets of an hour and of a day, of all processes together. Promises:
 * - no budget is ever exceeded in its window, which begins with the first use; concurrent requests are no exception;
 * - each alarm is reported by one process only, once for each window.
 */
export interface Budgets {
  /** Counts one use. `isCode`: an SMS code, of which it is counted as well how many are used. */
  spend(name: BudgetName, recipient: Recipient, isCode?: boolean): Promise<BudgetSpent>
  /** An SMS code was used. */
  codeUsed(): Promise<void>
}
