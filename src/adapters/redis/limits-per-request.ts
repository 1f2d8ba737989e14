import { AsyncLocalStorage } from 'node:async_hooks'
import type { Limits } from '../../ports/limits.ts'

type GiveBack = () => Promise<void>

export type LimitsPerRequest = Limits & {
  /** Runs a request; where it is not `served`, nothing that it took is counted. */
  during(request: () => Promise<{ readonly served: boolean }>): Promise<void>
}

/** Limits that know what a request took, so that an outage costs the person nothing. */
export function limitsPerRequest(limits: Limits): LimitsPerRequest {
  const requests = new AsyncLocalStorage<GiveBack[]>()
  return {
    ...limits,
    async take(allowances) {
      const taken = await limits.take(allowances)
      if (taken.ok) requests.getStore()?.push(taken.giveBack)
      return taken
    },
    async during(request) {
      const takes: GiveBack[] = []
      const { served } = await requests.run(takes, request)
      if (served) return
      // The answer does not wait for it: the limits may be what is out of order.
      for (const giveBack of takes) giveBack().catch(() => {})
    },
  }
}
