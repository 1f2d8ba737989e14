/**
 * The state of flows (registration, recoveries …) between two requests. Promises:
 * - the state is encrypted; it expires after the idle time, counted from the last `open` or `read`;
 * - a flow is found only by its id and its secret: with another secret it is `foreign`, without a record `unknown`;
 * - `open` admits one request of a flow at a time; a process that died blocks the others for at most 15 s.
 */
export interface Flows {
  create(state: unknown): Promise<FlowKey>
  read(key: FlowKey): Promise<{ readonly state: unknown } | 'unknown' | 'foreign'>
  /** Waits up to 8 s for its turn, then `busy`. */
  open(key: FlowKey): Promise<OpenFlow | 'unknown' | 'foreign' | 'busy'>
}

/** The URLs contain `id`, the cookie of the flow contains `secret`. Both have at least 128 bits, in base64url. */
export type FlowKey = { readonly id: string; readonly secret: string }

export type OpenFlow = {
  readonly state: unknown
  /** Stores the new state, if there is one, and admits the next request. False: the turn had expired before. */
  close(state?: unknown): Promise<boolean>
}
