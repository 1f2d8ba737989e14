import type { Context } from '../context.ts'
import { visitorOf } from '../http/visitor-of.ts'
import type { Visit } from './flow-definition.ts'
import type { FlowPorts } from './flow-ports.ts'
import type { FlowState } from './flow-state.ts'

/** What a decision and a page may know of the flow and of who is there. */
export const visitOf = <A>(
  state: FlowState<A>,
  ctx: Context,
  flow: string,
  { clock }: Pick<FlowPorts, 'clock'>,
): Visit<A> => ({
  answers: state.answers,
  flow,
  subject: state.subject,
  visitor: visitorOf(ctx, state.captchaAnswered ?? false),
  signedIn: ctx.state.signedIn,
  existenceHits: state.existenceHits,
  given: state.given,
  now: clock(),
})
