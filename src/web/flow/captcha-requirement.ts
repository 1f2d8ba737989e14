import type { Refusal } from '../../people/refusal.ts'
import type { Captchas } from '../../ports/captchas.ts'
import { checkCaptcha } from '../../proofs/check-captcha.ts'
import type { FlowDefinition, Typed } from './flow-definition.ts'
import type { FlowState } from './flow-state.ts'

/**
 * Whether the page of a step shows a captcha. It does if the step's definition says so, until one is answered; and
 * again after a limit refused a decision (`captcha.needed`), and after each decision of a step with `captcha: 'each
 * try'`.
 */
export const owesCaptcha = <A, P>(
  flow: FlowDefinition<A, P>,
  state: FlowState<A>,
  name: keyof A & string,
): boolean => state.owesCaptcha[name] ?? flow.steps[name].captcha !== undefined

/** Checks the typed captcha if the step owes one. A captcha can be answered once, whether right or wrong. */
export async function settleCaptcha<A, P>(
  flow: FlowDefinition<A, P>,
  state: FlowState<A>,
  name: keyof A & string,
  typed: Typed,
  captchas: Captchas,
): Promise<{ state: FlowState<A>; wrong?: Refusal }> {
  if (!owesCaptcha(flow, state, name)) return { state }
  const wrong = await checkCaptcha(state.captcha?.id, typed['captcha'], captchas)
  if (wrong?.code === 'captcha.required') return { state, wrong }
  const used = withoutCaptcha(state)
  if (wrong) return { state: used, wrong }
  return { state: { ...withCaptchaOwed(used, name, false), captchaAnswered: true } }
}

/** The state after a decision, for which the answered captcha is used up. */
export function afterDecision<A, P>(
  flow: FlowDefinition<A, P>,
  state: FlowState<A>,
  name: keyof A & string,
): FlowState<A> {
  const isAskedAgain = flow.steps[name].captcha === 'each try'
  return { ...(isAskedAgain ? withCaptchaOwed(state, name, true) : state), captchaAnswered: false }
}

/** The state after a refusal: a limit may ask for a captcha at the next attempt. */
export const afterRefusal = <A>(
  state: FlowState<A>,
  name: keyof A & string,
  { code }: Refusal,
): FlowState<A> => (code === 'captcha.needed' ? withCaptchaOwed(state, name, true) : state)

/** Drops the captcha of the page, so that the page draws a new one. */
export function withoutCaptcha<A>({ captcha: _, ...state }: FlowState<A>): FlowState<A> {
  return state
}

/** Plays the captcha of the page as sound. */
export const withSpokenCaptcha = <A>(state: FlowState<A>): FlowState<A> =>
  state.captcha ? { ...state, captcha: { ...state.captcha, listening: true } } : state

const withCaptchaOwed = <A>(
  state: FlowState<A>,
  name: keyof A & string,
  owes: boolean,
): FlowState<A> => ({ ...state, owesCaptcha: { ...state.owesCaptcha, [name]: owes } })
