/** Something that proves a change of the audit by somebody else than the platform. */
export type AuditFault = {
  readonly kind: 'changed' | 'removed' | 'inserted'
  /** The place, e.g. `event 2026-11-29.0f3a….000000007`, and what is wrong there. */
  readonly text: string
}

/** Events that no signed head covers, so that their removal would not be found. */
export type UncoveredEvents = {
  readonly day: string
  readonly process: string
  /** The number of the first one. */
  readonly from: number
  readonly count: number
}

export type AuditReport = {
  /** Events with a chain that were read. */
  readonly events: number
  readonly faults: number
  readonly heads: number
  readonly lastHead?: { readonly number: number; readonly at: number }
  readonly firstDay?: string
  readonly lastDay?: string
  /** Events from before the chain, which nothing protects. */
  readonly beforeChain: number
  /** Chains whose retention is over. */
  readonly expiredChains: number
  readonly uncovered: readonly UncoveredEvents[]
}

export interface AuditVerification {
  /**
   * Reads all events and heads and compares them with their hashes and signatures, and with heads that were kept outside.
   * The memory does not depend on the number of events. Events may be recorded at the same time.
   * @param outsideHeads compact JWS of heads
   * @param found is called for each fault
   */
  verify(
    outsideHeads: AsyncIterable<string> | Iterable<string>,
    found: (fault: AuditFault) => void,
  ): Promise<AuditReport>
}
