import type { SmsMessage } from './services/sms-gateway.ts'

/** What has to be done although the process may die, the gateway may rest, or the other side may be down. */
export type Task =
  /** A notice by SMS; codes never go this way, since a late one is worth nothing. */
  | ({ readonly kind: 'sms' } & SmsMessage)
  /** A business system is told that a sign-in ended (OpenID Connect Back-Channel Logout 1.0, 2.5). */
  | {
      readonly kind: 'logout'
      readonly clientId: string
      readonly accountId: string
      /** Absent: every sign-in of the account there ended. */
      readonly sid?: string
    }
  /**
   * An account changed: its sign-ins that were verified against a version before `since` end, but for one. The request
   * that changed it does so at once; this is for when its process dies before that.
   */
  | {
      readonly kind: 'sign-out'
      readonly accountId: string
      readonly since: number
      readonly except?: string
    }
  /** The cooling-off of 注销账户 is over. */
  | { readonly kind: 'erase'; readonly accountId: string }

export type TaskKind = Task['kind']
export type TaskOf<Kind extends TaskKind> = Extract<Task, { kind: Kind }>

/** `due`: ms since 1970, at once when absent. */
export type NewTask = Task & { readonly due?: number }

/**
 * The durable queue. Promises:
 * - payloads are sealed;
 * - a task is done at least once, by one process at a time; one whose process died is taken up again;
 * - what fails is tried again, later each time, until its kind's end; then it is dropped and reported.
 */
export interface Tasks {
  /** `id` names the act: added again under it, nothing more is added for a week, also when it was done meanwhile. */
  add(tasks: readonly (NewTask & { readonly id?: string })[]): Promise<void>
}

/** The queue as the worker sees it. */
export interface TaskQueue extends Tasks {
  /** Leases up to `most` tasks that are due, the longest due first. Nobody else gets them until the lease is over. */
  claim<Kind extends TaskKind>(kind: Kind, most: number): Promise<readonly ClaimedTask<Kind>[]>
  /** Calls with their kinds whenever tasks were stored by this process, after the commit of their transaction. */
  whenAdded(wake: (kinds: readonly TaskKind[]) => void): void
}

/** Without a lease any more, `finish` and `retry` change nothing. */
export type ClaimedTask<Kind extends TaskKind> = {
  readonly id: string
  /** This one counted. */
  readonly attempts: number
  /** Nobody got round to it before its kind's end: not to be done any more. */
  readonly ended: boolean
  /** Throws when it was tampered with, or its key is gone. */
  read(): TaskOf<Kind>
  finish(): Promise<void>
  /** Puts it back for later, or drops it when that were after its end. */
  retry(): Promise<'later' | 'dropped'>
}

/**
 * True: done (or it never can be). False: to be tried again; so is a rejection. Settles within `policy.tasks.lease`,
 * and bears being called again for a task that it did already.
 */
export type TaskHandler<Kind extends TaskKind> = (task: TaskOf<Kind>) => Promise<boolean>

/** A kind without an entry stays in the queue. */
export type TaskHandlers = { readonly [Kind in TaskKind]?: TaskHandler<Kind> }
