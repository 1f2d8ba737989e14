import type { BudgetAlarm, BudgetName } from '../services/budgets.ts'

/** 提醒 on the first page of the security operators. */
export type AlertKind = 'sign-in-rested' | 'lookups-used-up' | 'budget' | 'limit'

export type Alert = {
  readonly kind: AlertKind
  /** ms since 1970. */
  readonly at: number
  /** The operator that it is about. */
  readonly operator?: string
  /** The network of a sign-in; the adapter encrypts it. */
  readonly network?: string
  /** For a budget: its name and the alarm, e.g. `sms.hour.80`. */
  readonly detail?: `${BudgetName}.${BudgetAlarm}`
  /** The name of a limit that refused many attempts within an hour. */
  readonly limit?: string
}

/** Alerts are kept for `policy.operators.alerts`. */
export interface Alerts {
  /** With a name, `once`, only the first of several calls in all processes raises it. */
  raise(alert: Omit<Alert, 'at'>, once?: string): Promise<void>
  /** The latest first. */
  latest(most: number): Promise<readonly Alert[]>
}
