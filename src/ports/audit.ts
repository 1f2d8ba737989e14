/** What happened, for the record: no personal word in it. */
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
    | 'bank-asked'
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
  /** Absent when nobody was recognised. */
  readonly accountId?: string
  readonly clientId?: string
  /** The network address, or who gave a command on which machine; the adapter seals it. */
  readonly address: string
  /** One word more, from a fixed vocabulary (a bank outcome, say). */
  readonly detail?: string
}

/** As it is kept; `at`: ms since 1970. */
export type RecordedEvent = AuditEvent & { readonly at: number }

/** Append only but for `forget`, kept for at least six months (GB/T 22239-2019, 8.1.4.3). */
export interface Audit {
  record(event: AuditEvent): Promise<void>
  /** What happened to an account, the latest first, `most` at most. */
  latest(accountId: string, most: number): Promise<readonly RecordedEvent[]>
  /**
   * Of an account that is gone: its events stay, under a name that nobody knows, and of the addresses only the network
   * (IPv4 /24, IPv6 /48).
   */
  forget(accountId: string): Promise<void>
}
