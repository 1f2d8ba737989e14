import { setTimeout as wait } from 'node:timers/promises'
import type { Policy } from '../../config/limits-and-lifetimes.ts'
import type {
  BeginOutcome,
  IdempotentRequest,
  IdempotentRequests,
} from '../ports/idempotent-requests.ts'
import type { Problem } from './problem.ts'

export type BeginRequestPorts = {
  readonly idempotentRequests: IdempotentRequests
  readonly policy: Pick<Policy, 'terminals'>
}

/** Begins the request, or waits for the answer of a concurrent request with the same key. */
export async function beginRequest(
  request: IdempotentRequest,
  { idempotentRequests, policy }: BeginRequestPorts,
): Promise<BeginOutcome> {
  const end = performance.now() + policy.terminals.wait * 1000
  for (;;) {
    const begun = await idempotentRequests.begin(request)
    if (begun !== 'under_way' || performance.now() > end) return begun
    await wait(100)
  }
}

/** The problem of a request that could not begin. */
export function problemOfBegin(
  why: Extract<BeginOutcome, string>,
  { policy }: BeginRequestPorts,
): Problem {
  switch (why) {
    case 'under_way':
      return {
        name: 'outage',
        detail: 'terminal.outage.detail',
        retryAfter: policy.terminals.lease,
      }
    case 'other_content':
      return { name: 'key-reused' }
    case 'used_jti':
      return { name: 'invalid-statement', detail: 'terminal.statement.replayed' }
    case 'late_jti': {
      const params = { seconds: policy.terminals.statement.age }
      return { name: 'invalid-statement', detail: 'terminal.statement.late', params }
    }
  }
}
