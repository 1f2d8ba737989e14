/**
 * All counters with the names of their labels. No label holds anything personal, and each has few values: the steps of
 * flows, outcomes, banks, templates, names of limits. Only `client` grows, with the number of clients.
 */
export const counterLabels = {
  /** `outcome`: see `FlowStepOutcome`. */
  'flow-steps': ['flow', 'step', 'outcome'],
  /** `outcome`: see `SignInOutcome`. */
  'sign-ins': ['outcome'],
  /** Authorization requests that ended at the client with a person, also by an earlier sign-in, but not with `prompt=none`. */
  'client-sign-ins': ['client'],
  /** Checks that the bank was asked for. */
  'bank-checks': ['bank', 'outcome'],
  /** Messages that the gateway was asked for; `used`: a code that a person used. */
  sms: ['template', 'outcome'],
  /** Attempts that a limit refused. */
  limits: ['limit'],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type CounterName = keyof typeof counterLabels

export type CounterValues<Name extends CounterName> = Readonly<
  Record<(typeof counterLabels)[Name][number], string>
>

/** A count of one hour or day. `at`: its beginning, ms since 1970. */
export type CountOf<Name extends CounterName> = CounterValues<Name> & {
  readonly at: number
  readonly count: number
}

/** ms since 1970; `to` is not included. */
export type TimeRange = { readonly from: number; readonly to: number }

/** `again`: the step had passed before in this flow. `limited`: status 429. `unavailable`: status 503. */
export type FlowStepOutcome =
  | 'begun'
  | 'passed'
  | 'again'
  | 'sent'
  | 'invalid'
  | 'refused'
  | 'limited'
  | 'unavailable'
  | 'handed-over'

/** `password` and `sms` are sign-ins, by the password alone or with a code; the others are failures. */
export const signInOutcomes = ['password', 'sms', 'wrong', 'wait', 'frozen', 'cancelled'] as const

export type SignInOutcome = (typeof signInOutcomes)[number]

/**
 * Numbers for 运行状况, the API and `/metrics`, added up while things happen. Promises:
 * - `add` returns at once and never throws; the numbers are stored within seconds, and a process that dies loses no more;
 * - while the store does not answer, the numbers stay in memory up to a bound;
 * - days are those of Asia/Shanghai; they are kept for two years, and hours for 32 days.
 */
export interface Counters {
  add<Name extends CounterName>(name: Name, labels: CounterValues<Name>, amount?: number): void
  /** The counts of the hours or days that begin within the range, in their order. */
  read<Name extends CounterName>(
    name: Name,
    by: 'hour' | 'day',
    range: TimeRange,
  ): Promise<readonly CountOf<Name>[]>
}
