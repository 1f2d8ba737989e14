import { AsyncLocalStorage } from 'node:async_hooks'
import type { Limits } from '../../ports/limits.ts'

type GiveBack = () => Promise<void>

export type LimitsPerRequest = Limits & {
  /** Runs a request. If the request is not `served`, everything that it took is given back. */
  during(request: () => Promise<{ readonly served: boolean }>): Promise<void>
}

/** Limits that give back what a request took when it fails in an outage, so that the person loses no attempt. */
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
      // The answer does not wait for this, because it may be the store of the limits that fails.
      for (const giveBack of takes) giveBack().catch(() => {})
    },
  }
}
