/** Returns the object of the request that is being served, the same one during the whole request, if there is one. */
export type PresentRequest = () => object | undefined

/** Returns what the present request remembers, which begins empty; undefined outside of a request. */
export function perRequest<Memory>(
  present: PresentRequest | undefined,
  begin: () => Memory,
): () => Memory | undefined {
  const memories = new WeakMap<object, Memory>()
  return () => {
    const request = present?.()
    if (!request) return undefined
    const memory = memories.get(request) ?? begin()
    memories.set(request, memory)
    return memory
  }
}

/** Marks a read that nobody may wait for any more: if it fails, that is the reader's problem, not the process'. */
export function sentAhead<Result>(read: Promise<Result>): Promise<Result> {
  read.catch(() => {})
  return read
}
