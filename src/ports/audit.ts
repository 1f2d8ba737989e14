/** A security event. It contains no personal data but the address. */
export type AuditEvent = {
  readonly what:
    | 'registered'
    | 'signed-in'
    | 'sign-in-failed'
    | 'sign-in-cancelled'
    | 'stepped-up'
    | 'signed-out'
    | 'sign-ins-ended'
    | 'consent-withdrawn'
    | 'bank-checked'
    | 'sms-sent'
    | 'budget-alarm'
    | 'username-sent'
    | 'phone-changed'
    | 'terminal-refused'
    | 'case-looked-up'
    | 'handler-changed'
    | 'details-changed'
    | 'password-changed'
    | 'password-refused'
    | 'questions-changed'
    | 'password-reset'
    | 'password-reset-refused'
    | 'data-downloaded'
    | 'closing-asked'
    | 'closing-ended'
    | 'account-erased'
    | 'registry-asked'
    | 'consent-given'
    | 'consent-refused'
    | 'agreement-given'
    | 'agreement-refused'
    | 'client-added'
    | 'client-changed'
    | 'client-secret-rotated'
    | 'client-disabled'
    | 'client-removed'
    | 'key-rotated'
    | 'key-withdrawn'
  /** Absent if the account is unknown. */
  readonly accountId?: string
  readonly clientId?: string
  /** The public id of the flow, or the name of a terminal's request. */
  readonly flow?: string
  /** The network address, or the user and machine of a command; the adapter encrypts it. */
  readonly address: string
  /** A detail from a fixed vocabulary, e.g. a bank outcome. */
  readonly detail?: string
}

/** `at`: ms since 1970. */
export type RecordedEvent = AuditEvent & { readonly at: number }

/** The audit trail: append-only except for `forget`, kept for at least six months (GB/T 22239-2019, 8.1.4.3). */
export interface Audit {
  record(event: AuditEvent): Promise<void>
  /** Up to `most` events of an account, the latest first, without those of the kinds in `except`. */
  latest(
    accountId: string,
    most: number,
    except?: readonly AuditEvent['what'][],
  ): Promise<readonly RecordedEvent[]>
  /**
   * Anonymises the events of an erased account: a random id replaces the account's, and addresses are reduced to the
   * network (IPv4 /24, IPv6 /48).
   */
  forget(accountId: string): Promise<void>
}
