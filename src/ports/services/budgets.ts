/** Services that are paid by use, each with a budget. */
export const budgetNames = ['sms', 'bank'] as const

export type BudgetName = (typeof budgetNames)[number]

/**
 * The recipient of a message or check. `registered`, a registered phone or person, may use the whole budget; `anyone`
 * may use all but the reserve.
 */
export type Recipient = 'registered' | 'anyone'

/**
 * An alarm, reported at most once in an hour or a day. A number is the percentage of the budget that is spent; `shared`: all but
 * the reserve is spent; `surge`: many times the usual use in an hour; `unused-codes`: few codes of the last hour were
 * used.
 */
export type BudgetAlarm =
  | `${'hour' | 'day'}.${'50' | '80' | '100' | 'shared'}`
  | 'hour.surge'
  | 'hour.unused-codes'

/** If not granted, `retryAfter` are the seconds until there is budget again. */
export type BudgetSpent =
  | { readonly granted: true; giveBack(): Promise<void> }
  | { readonly granted: false; readonly retryAfter: number }

export type BudgetUse = Readonly<
  Record<'hour' | 'day', { readonly used: number; readonly amount: number }>
>

/**
 * The budgets per hour and per day that all processes share. Promises:
 * - no budget is exceeded in any hour or day, whenever that begins, even by concurrent requests;
 * - each alarm is reported by one process only, at most once in its hour or day.
 */
export interface Budgets {
  /** Counts one use. `isCode`: the use is an SMS code; the share of used codes is measured. */
  spend(name: BudgetName, recipient: Recipient, isCode?: boolean): Promise<BudgetSpent>
  /** Counts a used SMS code. */
  codeUsed(): Promise<void>
  /** The used part of the budget in the present hour and day; counts nothing. */
  used(name: BudgetName): Promise<BudgetUse>
}
