/**
 * Requests that wait for somebody, counted for whoever began them (specification, section 5): a network address or a
 * client. An entry ends by itself after its lifetime.
 */
export interface OpenRequests {
  count(subject: string): Promise<number>
  /** @param lifetime in seconds */
  add(subject: string, id: string, lifetime: number): Promise<void>
  /** Adds an entry, or prolongs it, unless the subject has `most` others already: then it returns false. */
  addWithin(most: number, subject: string, id: string, lifetime: number): Promise<boolean>
  remove(subject: string, id: string): Promise<void>
}
