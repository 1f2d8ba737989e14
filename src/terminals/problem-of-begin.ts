import type { Policy } from '../../config/limits-and-lifetimes.ts'
import type { BeginOutcome } from '../ports/idempotent-requests.ts'
import type { Problem } from './problem.ts'

/** The problem of a request that could not begin. */
export function problemOfBegin(
  why: Extract<BeginOutcome, string>,
  { policy }: { readonly policy: Pick<Policy, 'terminals'> },
): Problem {
  switch (why) {
    case 'under_way':
      return { name: 'outage', detail: 'api.outage.detail', retryAfter: policy.terminals.lease }
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
