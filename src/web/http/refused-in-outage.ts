import { type Refusal, refuse } from '../../people/refusal.ts'
import { Outage } from '../../ports/outage.ts'
import { Overloaded } from '../../ports/passwords.ts'
import type { Context } from '../context.ts'
import { withDeadline } from './deadline.ts'

/** The refusal in an outage of a store, or when too many passwords wait to be hashed. `kept`: the page keeps what the person typed. */
const storeOutage = (kept: boolean): Refusal =>
  refuse('form', kept ? 'store.unavailableKept' : 'error.outage.text', {
    status: 503,
    retryAfter: 5,
  })

/**
 * Resolves to the result of a form's work, or to a refusal in an outage, so that the page of the form can be shown
 * again. Work that exceeds the deadline of the request is an outage too, and continues in the background.
 */
export async function refusedInOutage<Result>(
  work: Promise<Result>,
  { state }: Context,
  { kept }: { readonly kept: boolean } = { kept: false },
): Promise<Result | Refusal> {
  try {
    return await withDeadline(state.deadline - pageTime, work)
  } catch (error) {
    if (!(error instanceof Outage || error instanceof Overloaded)) throw error
    state.log.error({ err: error }, 'request failed')
    return storeOutage(kept)
  }
}

/** The time in ms that is reserved for rendering the page with the refusal. */
const pageTime = 1000
