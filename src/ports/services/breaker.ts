/** What stands before an outside service and stops asking it while it is down. */
export type Breaker = {
  /** Whether a request would be answered without asking. */
  isOpen(): boolean
}
