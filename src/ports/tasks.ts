import type { SmsMessage } from './sms-gateway.ts'

/** What has to be done although the process may die, the gateway may rest, or the other side may be down. */
export type Task =
  /** A notice by SMS; codes never go this way, since a late one is worth nothing. */
  | ({ readonly kind: 'sms' } & SmsMessage)
  /** A business system is told that a sign-in ended (OpenID Connect Back-Channel Logout 1.0, 2.5). */
  | {
      readonly kind: 'logout'
      readonly clientId: string
      readonly accountId: string
      readonly sid: string
    }
  /** The cooling-off of 注销账户 is over. */
  | { readonly kind: 'erase'; readonly accountId: string }

/** `due`: ms since 1970, at once when absent. */
export type NewTask = Task & { readonly due?: number }

/**
 * The durable queue. Promises:
 * - payloads are sealed;
 * - a task is done at least once, by one process at a time; one whose process died is taken up again;
 * - what fails is tried again, later each time, until its kind's end; then it is dropped and reported.
 */
export interface Tasks {
  add(tasks: readonly NewTask[]): Promise<void>
}

/** True: done (or it never can be). False: to be tried again. */
export type DoTask<Kind extends Task['kind']> = (
  task: Extract<Task, { kind: Kind }>,
) => Promise<boolean>
