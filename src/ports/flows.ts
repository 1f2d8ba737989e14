/**
 * Where the state of flows (registration, recoveries …) is kept between two requests. Promises:
 * - the state is sealed; it ends after the idle time, counted from the last `open` or `read`;
 * - a flow is had only with its id and its secret: `foreign` with another secret, `unknown` when there is none (any more);
 * - `open` lets one request at a time in; a process that died keeps others out for 15 s at most.
 */
export interface Flows {
  create(state: unknown): Promise<FlowKey>
  read(key: FlowKey): Promise<{ readonly state: unknown } | 'unknown' | 'foreign'>
  /** Waits up to 8 s for its turn, then `busy`. */
  open(key: FlowKey): Promise<OpenFlow | 'unknown' | 'foreign' | 'busy'>
}

/** `id` stands in the URLs, `secret` in the cookie of that flow. Both 128 bits or more, base64url. */
export type FlowKey = { readonly id: string; readonly secret: string }

export type OpenFlow = {
  readonly state: unknown
  /** Keeps the new state (or, without one, the old) and lets the next request in. False: the turn was over before. */
  close(state?: unknown): Promise<boolean>
}
