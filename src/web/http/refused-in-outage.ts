import { type Refusal, refuse } from '../../people/refusal.ts'
import { Outage } from '../../ports/outage.ts'
import type { Context } from '../context.ts'
import { withDeadline } from './deadline.ts'

/** A store cannot be asked at the moment. `kept`: all that the person typed stays on the page. */
const storeOutage = (kept: boolean): Refusal =>
  refuse('form', kept ? 'store.unavailableKept' : 'error.outage.text', {
    status: 503,
    retryAfter: 5,
  })

/**
 * The result of what a form asks for, or the refusal of an outage, so that the page of the form can come again. It comes
 * in time: what takes longer is an outage as well, and goes on by itself.
 */
export async function refusedInOutage<Result>(
  work: Promise<Result>,
  { state }: Context,
  { kept }: { readonly kept: boolean } = { kept: false },
): Promise<Result | Refusal> {
  try {
    return await withDeadline(state.deadline - pageTime, work)
  } catch (error) {
    if (!(error instanceof Outage)) throw error
    state.log.error({ err: error }, 'request failed')
    return storeOutage(kept)
  }
}

/** Milliseconds for the page that says so. */
const pageTime = 500
