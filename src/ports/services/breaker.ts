/** The circuit breaker of an external service: it rejects calls while the service is down. */
export type Breaker = {
  /** Whether a call would be rejected without a request to the service. */
  isOpen(): boolean
}
