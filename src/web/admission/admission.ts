import type { RequestClass } from './request-class.ts'

/** The classes that may be refused, the last one first. */
export const boundedClasses = [
  'token',
  'session',
  'step',
  'login',
  'new',
] as const satisfies RequestClass[]
export type BoundedClass = (typeof boundedClasses)[number]

/** A request in flight. `complete` becomes true when its last byte has arrived, as of an `IncomingMessage`. */
type Arriving = { readonly complete: boolean }

/** Gives the place of an admitted request back. The request calls it once its work is done. */
type Leave = () => void

export type Admission = {
  /** Takes a place for a request of a class; undefined if the request has to be refused. */
  admit(name: BoundedClass, request: Arriving): Leave | undefined
}

/** The queues of this process: the ms that work waits for the event loop, and a password to be hashed. */
type Queues = { readonly loopDelay: () => number; readonly hashWait: () => number }

type Bound = { readonly inFlight: number; readonly delay: number; readonly hashWait?: number }

/**
 * Decides before any work whether a request is served, by the requests in flight and by the queues of the process. A request
 * takes its place when it has arrived whole, so that half-sent ones of a stranger take none.
 */
export function admission(
  bounds: Readonly<Record<BoundedClass, Bound>>,
  { loopDelay, hashWait }: Queues,
): Admission {
  const inFlight = new Map<BoundedClass, Set<Arriving>>()

  const isFull = (requests: ReadonlySet<Arriving>, bound: number) =>
    requests.size >= bound && [...requests].filter(({ complete }) => complete).length >= bound

  return {
    admit(name, request) {
      const bound: Bound = bounds[name]
      const requests = inFlight.get(name) ?? new Set()
      inFlight.set(name, requests)
      const mostWait = bound.hashWait ?? Number.POSITIVE_INFINITY
      if (loopDelay() > bound.delay || hashWait() > mostWait) return undefined
      if (isFull(requests, bound.inFlight)) return undefined
      requests.add(request)
      return () => void requests.delete(request)
    },
  }
}
