import type { StoreName } from '../process-reports.ts'

/** The external services that are measured. `client`: a request to a client, e.g. a logout message. */
export type ExternalServiceName = 'bank' | 'sms' | 'number-age' | 'registry' | 'kms' | 'client'

/** A request that was answered. `route`: the pattern of its address, never the address. */
export type HandledRequest = {
  readonly route: string
  readonly method: string
  readonly status: number
}

/**
 * Measures requests and calls for `/metrics` and for traces. Promises:
 * - nothing personal is passed to it: names of commands and services, outcomes, patterns of addresses;
 * - it never rejects and never delays the work that it measures.
 */
export interface Instrumentation {
  /** Runs a request. The calls that it makes belong to its trace. Rejects only if `handle` does. */
  request(handle: () => Promise<HandledRequest>): Promise<void>
  /** The trace of the present request, for the log; undefined where there are no traces. */
  traceId(): string | undefined
  /** Begins a command of a store. The returned function ends it. */
  storeCall(store: StoreName, command: string): (outcome: 'done' | 'failed') => void
  /** Begins a call. The returned function ends it with one word of the outcomes of the service's port. */
  externalCall(service: ExternalServiceName): (outcome: string) => void
}
