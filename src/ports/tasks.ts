import type { SmsMessage } from './services/sms-gateway.ts'

/** Work that is done even if the process dies or the other side is down for a while. */
export type Task =
  /** A notice by SMS, or a 核验码. Codes of minutes are never sent by a task, since a late code is useless. */
  | ({ readonly kind: 'sms'; readonly accountId?: string } & SmsMessage)
  /** Sends a logout token to a client (OpenID Connect Back-Channel Logout 1.0, 2.5). */
  | {
      readonly kind: 'logout'
      readonly clientId: string
      readonly accountId: string
      /** Absent: every sign-in of the account there ended. */
      readonly sid?: string
    }
  /**
   * Ends the sessions of a changed account that were verified against a version before `since`, except one. The request
   * that changes the account ends them too; the task is needed if its process dies before.
   */
  | {
      readonly kind: 'sign-out'
      readonly accountId: string
      readonly since: number
      readonly except?: string
    }
  /** Erases the account at the end of the cooling-off period of 注销账户. */
  | { readonly kind: 'erase'; readonly accountId: string }
  /** Pushes the events that wait in a stream (RFC 8935). It is claimed from the streams themselves and never added. */
  | { readonly kind: 'push'; readonly streamId: string }

export type TaskKind = Task['kind']
export const taskKinds = [
  'sms',
  'logout',
  'sign-out',
  'erase',
  'push',
] as const satisfies readonly TaskKind[]

/** `oldest`: when the longest waiting one should have been done, ms since 1970. */
export type WaitingTasks = {
  readonly kind: TaskKind
  readonly waiting: number
  readonly oldest?: number
}
export type TaskOf<Kind extends TaskKind> = Extract<Task, { kind: Kind }>

/** `due`: ms since 1970; without it, the task is due at once. */
export type NewTask = Exclude<Task, { kind: 'push' }> & { readonly due?: number }

/**
 * The durable queue. Promises:
 * - payloads are encrypted;
 * - a task is executed at least once, by one process at a time; if that process dies, another one takes over;
 * - a failed task is retried with growing pauses until the end of its kind; then it is dropped and reported.
 */
export interface Tasks {
  /** A task with an `id` is added once: for a week, even after it was done, adding the same id again has no effect. */
  add(tasks: readonly (NewTask & { readonly id?: string })[]): Promise<void>
}

/** The part of the queue that the worker uses. */
export interface TaskQueue extends Tasks {
  /** Leases up to `most` due tasks, the longest due first. Nobody else gets them before the lease ends. */
  claim<Kind extends TaskKind>(kind: Kind, most: number): Promise<readonly ClaimedTask<Kind>[]>
  /** The tasks of each kind that are due and not done, with those that wait for another attempt; counts 10,000 at most. */
  waiting(): Promise<readonly WaitingTasks[]>
  /** Calls `wake` with the kinds of the tasks that this process added, after the commit of their transaction. */
  whenAdded(wake: (kinds: readonly TaskKind[]) => void): void
}

/** A leased task. After the end of the lease, `finish` and `retry` have no effect. */
export type ClaimedTask<Kind extends TaskKind> = {
  readonly id: string
  /** The number of attempts, with this one. */
  readonly attempts: number
  /** Whether the end of its kind has passed: the task must not be executed any more. */
  readonly ended: boolean
  /** Decrypts the task; throws if it was tampered with or its key is missing. */
  read(): TaskOf<Kind>
  finish(): Promise<void>
  /** Schedules the next attempt, or drops the task if that would be after the end of its kind. */
  retry(): Promise<'later' | 'dropped'>
  /** Schedules it for later as if it had not been claimed; its end moves by as much. */
  postpone(): Promise<void>
}

/**
 * Resolves to true if the task is done or can never be done; `postponed` if it has to wait, for a budget say; false or
 * a rejection lead to a retry. It settles within `policy.tasks.lease`, and is idempotent, since a task may be executed
 * more than once.
 */
export type TaskHandler<Kind extends TaskKind> = (
  task: TaskOf<Kind>,
) => Promise<boolean | 'postponed'>

/** Tasks of a kind without a handler stay in the queue. */
export type TaskHandlers = { readonly [Kind in TaskKind]?: TaskHandler<Kind> }
