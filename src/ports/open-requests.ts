/**
 * Requests that wait for somebody, counted for whoever began them (specification, section 5): a network address or a
 * client. An entry ends by itself after its lifetime.
 */
export interface OpenRequests {
  count(subject: string): Promise<number>
  /** @param lifetime in seconds */
  add(subject: string, id: string, lifetime: number): Promise<void>
  remove(subject: string, id: string): Promise<void>
}
