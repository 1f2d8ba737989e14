import { setTimeout as wait } from 'node:timers/promises'
import type {
  BeginOutcome,
  IdempotentRequest,
  IdempotentRequests,
} from '../../ports/idempotent-requests.ts'
import type { Context } from '../context.ts'

/** Begins the request, or waits up to so many seconds for the answer of a concurrent request with the same key. */
export async function beginRequest(
  request: IdempotentRequest,
  idempotentRequests: IdempotentRequests,
  seconds: number,
): Promise<BeginOutcome> {
  const end = performance.now() + seconds * 1000
  for (;;) {
    const begun = await idempotentRequests.begin(request)
    if (begun !== 'under_way' || performance.now() > end) return begun
    await wait(100)
  }
}

/** The form of a usable `Idempotency-Key`, as JSON Schema has it. */
export const idempotencyKeyPattern = '^[\\x21-\\x7e]{1,255}$'
const usableKey = new RegExp(idempotencyKeyPattern)

/** The `Idempotency-Key` of a request: undefined without one, null for one that cannot be used. */
export function idempotencyKey(ctx: Context): string | null | undefined {
  const key = ctx.get('Idempotency-Key')
  if (!key && !('idempotency-key' in ctx.headers)) return undefined
  return usableKey.test(key) ? key : null
}
