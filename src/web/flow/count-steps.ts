import type { Refusal } from '../../people/refusal.ts'
import type { Counters, FlowStepOutcome } from '../../ports/counters.ts'
import type { Outcome } from './flow-definition.ts'

/** The outcome of a decision for the counters. `passedBefore`: the step had an answer already. */
export function stepOutcome<A, Answer>(
  outcome: Outcome<A, Answer>,
  passedBefore: boolean,
): FlowStepOutcome {
  if ('passed' in outcome) return passedBefore ? 'again' : 'passed'
  if ('sent' in outcome) return 'sent'
  return 'begin' in outcome ? 'handed-over' : refusedAs(outcome.refused)
}

const refusedAs = ({ status }: Refusal): FlowStepOutcome => {
  if (status === 429) return 'limited'
  return status === 503 ? 'unavailable' : 'refused'
}

/** The first step of each funnel. */
export const countBegun = (flow: string, counters: Pick<Counters, 'add'>): void =>
  counters.add('flow-steps', { flow, step: 'start', outcome: 'begun' })
