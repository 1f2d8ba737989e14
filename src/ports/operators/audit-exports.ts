/** How many events somebody exported: above `policy.operators.auditExport` it takes two persons. */
export interface AuditExports {
  /**
   * Counts an export of so many events, and returns whether it is allowed: all exports of one auditor or API client within
   * the window are added up, also concurrent ones. One that is not allowed is not counted.
   */
  take(who: string, events: number): Promise<boolean>
}
