import type { Context } from '../context.ts'
import { visitorOf } from '../http/visitor-of.ts'
import type { Visit } from './flow-definition.ts'
import type { FlowPorts } from './flow-ports.ts'
import type { FlowState } from './flow-state.ts'

/** Builds the input of decisions and pages from the state and the request. */
export const visitOf = <A>(
  state: FlowState<A>,
  ctx: Context,
  flow: string,
  { clock }: Pick<FlowPorts, 'clock'>,
): Visit<A> => ({
  answers: state.answers,
  flow,
  subject: state.subject,
  visitor: visitorOf(ctx, state.captchaAnswered),
  signedIn: ctx.state.signedIn,
  existenceHits: state.existenceHits,
  handedOver: state.given,
  now: clock(),
})
