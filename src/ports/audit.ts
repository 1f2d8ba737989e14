/** All kinds of events, for the type and for the filters of console and command. */
export const auditEventKinds = [
  'registered',
  'real-name-proved',
  'signed-in',
  'sign-in-failed',
  'sign-in-cancelled',
  'stepped-up',
  'signed-out',
  'sign-ins-ended',
  'consent-withdrawn',
  'bank-checked',
  'sms-sent',
  'budget-alarm',
  'username-sent',
  'phone-changed',
  'terminal-refused',
  'case-looked-up',
  'case-handled',
  'account-looked-up',
  'account-unlocked',
  'account-sign-ins-ended',
  'account-frozen',
  'account-unfrozen',
  'counter-proof-asked',
  'counter-proof-approved',
  'counter-proof-used',
  'counter-proof-refused',
  'handler-changed',
  'details-changed',
  'password-changed',
  'password-refused',
  'questions-changed',
  'password-reset',
  'password-reset-refused',
  'data-downloaded',
  'closing-asked',
  'closing-ended',
  'account-erased',
  'registry-asked',
  'consent-given',
  'consent-refused',
  'agreement-given',
  'agreement-refused',
  'accounts-imported',
  'client-added',
  'client-changed',
  'client-secret-rotated',
  'client-disabled',
  'client-enabled',
  'client-removed',
  'key-rotated',
  'key-withdrawn',
  'data-key-rotated',
  'audit-searched',
  'audit-exported',
  'audit-verified',
  'audit-removed',
  'operator-invited',
  'operator-enrolled',
  'operator-disabled',
  'operator-reset',
  'operator-signed-in',
  'operator-sign-in-failed',
  'operator-signed-out',
  'review-asked',
  'review-approved',
  'review-refused',
  'notice-published',
  'notice-withdrawn',
  'maintenance-changed',
] as const

export type AuditEventKind = (typeof auditEventKinds)[number]

/** 事由类别 of a look-up by an operator. */
export type ReasonKind = 'call' | 'counter' | 'complaint' | 'security'

/** A security event. It contains no personal data but the address and the reason. */
export type AuditEvent = {
  readonly what: AuditEventKind
  /** The account that the event is about. Absent if it is unknown. */
  readonly accountId?: string
  readonly clientId?: string
  /** The public id of the flow, or the name of a terminal's request. */
  readonly flow?: string
  /** The network address, or the user and machine of a command; the adapter encrypts it. */
  readonly address: string
  /** A detail from a fixed vocabulary, e.g. a bank outcome. */
  readonly detail?: string
  /** The id of the operator who acted in the console or by the API. */
  readonly operator?: string
  /** The object that the operator acted on, if it is neither the account nor the client: the id of a case, a key, a bank … */
  readonly target?: string
  /** 事由 as the operator typed it; the adapter encrypts it, since it may name people. */
  readonly reason?: string
  readonly reasonKind?: ReasonKind
}

/** `at`: ms since 1970. */
export type RecordedEvent = AuditEvent & { readonly id: string; readonly at: number }

/** An event has to match all that are given. */
export type AuditFilter = {
  /** ms since 1970, the first that is included. */
  readonly from?: number
  /** ms since 1970, the first that is not included any more. */
  readonly to?: number
  readonly account?: string
  readonly client?: string
  readonly operator?: string
  readonly what?: AuditEventKind
  readonly flow?: string
  /** An address, or a network of the sizes that `widerNetworksOf` returns; it is compared by blind index. */
  readonly address?: string
}

export type AuditQuery = AuditFilter & {
  /** `next` of the page before. */
  readonly cursor?: string
  readonly limit: number
  /** Default: `newest`. */
  readonly first?: 'newest' | 'oldest'
}

/** `next` is absent on the last page. */
export type AuditPage = { readonly events: readonly RecordedEvent[]; readonly next?: string }

/** The cursor is none that a page returned. */
export class BadCursor extends Error {
  override readonly name = 'BadCursor'
}

/**
 * The audit trail: append-only except for `forget`, kept for at least six months (GB/T 22239-2019, 8.1.4.3). Each event
 * names its predecessor of the same process and day, so that a changed or removed event is found (decision 0245).
 */
export interface Audit {
  /** Resolves when the event is stored. Events of one process are stored in the order of the calls. */
  record(event: AuditEvent): Promise<void>
  /** Up to `most` events of an account, the latest first, without those of the kinds in `except`. */
  latest(
    accountId: string,
    most: number,
    except?: readonly AuditEventKind[],
  ): Promise<readonly RecordedEvent[]>
  /** A page of the events that match. Rejects with `BadCursor`. */
  find(query: AuditQuery): Promise<AuditPage>
  /** The number of events that match, or `most` if there are more. */
  count(filter: AuditFilter, most: number): Promise<number>
  /**
   * Anonymises the events of an erased account: a random id replaces the account's, addresses are reduced to the
   * network (IPv4 /24, IPv6 /48), and reasons are removed. The chain stays valid.
   */
  forget(accountId: string): Promise<void>
}
