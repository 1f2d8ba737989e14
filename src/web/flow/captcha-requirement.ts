import { networkOf } from '../../people/network.ts'
import type { Refusal } from '../../people/refusal.ts'
import type { CaptchaLevel } from '../../ports/captchas.ts'
import type { CaptchaPage } from '../../proofs/captcha-risk.ts'
import { type CaptchaPorts, checkCaptcha, keepsCaptcha } from '../../proofs/check-captcha.ts'
import type { Context } from '../context.ts'
import type { FlowDefinition, Typed } from './flow-definition.ts'
import type { FlowState } from './flow-state.ts'

/**
 * Whether the page of a step shows a captcha. It does if the step's definition says so, until one is answered; and
 * again after a refusal that requires one (`captcha.needed`, or `captcha.hardest` for the hardest level), and after each
 * decision of a step with `captcha: 'each try'`.
 */
export const owesCaptcha = <A, P>(
  flow: FlowDefinition<A, P>,
  state: FlowState<A>,
  name: keyof A & string,
): boolean => Boolean(state.owesCaptcha[name] ?? flow.steps[name].captcha !== undefined)

/** The page of a step as its captcha knows it. The name is the username that was typed in this flow. */
export const captchaPageOf = <A, P>(
  flow: FlowDefinition<A, P>,
  state: FlowState<A>,
  name: keyof A & string,
  ctx: Context,
  id: string,
): CaptchaPage => ({
  purpose: `${flow.path}/${id}/${name}`,
  address: networkOf(ctx.ip),
  flow: id,
  name: Object.values(state.drafts).flatMap((draft) => draft['username'] ?? [])[0],
  required: state.owesCaptcha[name] === 'hardest' ? 'hardest' : undefined,
})

/** Checks the typed captcha if the step owes one. A captcha can be answered once, whether right or wrong. */
export async function settleCaptcha<A, P>(
  flow: FlowDefinition<A, P>,
  state: FlowState<A>,
  name: keyof A & string,
  typed: Typed,
  page: CaptchaPage,
  ports: CaptchaPorts,
): Promise<{ state: FlowState<A>; wrong?: Refusal }> {
  if (!owesCaptcha(flow, state, name)) return { state }
  const checked = await checkCaptcha(state.captcha?.id, typed, page, ports)
  if ('level' in checked) {
    const answered = withCaptchaOwed(withoutCaptcha(state), name, false)
    return { state: { ...answered, captchaAnswered: checked.level } }
  }
  return { state: keepsCaptcha(checked) ? state : withoutCaptcha(state), wrong: checked }
}

/** The state after a decision, for which the answered captcha is used up. */
export function afterDecision<A, P>(
  flow: FlowDefinition<A, P>,
  { captchaAnswered: _, ...state }: FlowState<A>,
  name: keyof A & string,
): FlowState<A> {
  const isAskedAgain = flow.steps[name].captcha === 'each try'
  return isAskedAgain ? withCaptchaOwed(state, name, true) : state
}

/** The state after a refusal: a limit may ask for a captcha at the next attempt. */
export function afterRefusal<A>(
  state: FlowState<A>,
  name: keyof A & string,
  { code }: Refusal,
): FlowState<A> {
  if (code === 'captcha.needed') return withCaptchaOwed(state, name, true)
  return code === 'captcha.hardest'
    ? withCaptchaOwed(withoutCaptcha(state), name, 'hardest')
    : state
}

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
  owes: boolean | Extract<CaptchaLevel, 'hardest'>,
): FlowState<A> => ({ ...state, owesCaptcha: { ...state.owesCaptcha, [name]: owes } })
