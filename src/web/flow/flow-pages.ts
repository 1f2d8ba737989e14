import { maskedPhone } from '../../people/fields/phone.ts'
import { compact } from '../../people/fields/typed-text.ts'
import type { Refusal } from '../../people/refusal.ts'
import type { FlowKey } from '../../ports/flows.ts'
import { returnAddressOf } from '../../ports/sso/client-links.ts'
import { issueCaptcha } from '../../proofs/check-captcha.ts'
import type { Context } from '../context.ts'
import { forgeryToken } from '../http/forgery-token.ts'
import { seeOther } from '../http/see-other.ts'
import type { Render } from '../page/render-page.ts'
import { captchaPageOf, owesCaptcha } from './captcha-requirement.ts'
import type { FlowDefinition, SentCode, Step } from './flow-definition.ts'
import type { FlowPorts } from './flow-ports.ts'
import { currentStep, type FlowState, queryOf, stepBefore, stepperAt } from './flow-state.ts'
import { unifiedOnPage } from './unified-names.ts'
import { visitOf } from './visit-of.ts'

/** Renders the pages of a flow. */
export function flowPages<A, P extends FlowPorts>(
  flow: FlowDefinition<A, P>,
  ports: P,
  render: Render,
) {
  const { captchas, clientLinks, flows, policy } = ports

  /** Whether a page needs a captcha and has none that can still be answered. */
  async function lacksCaptcha(
    ctx: Context,
    { id }: FlowKey,
    state: FlowState<A>,
    name: keyof A & string,
  ): Promise<boolean> {
    if (!owesCaptcha(flow, state, name)) return false
    const { purpose } = captchaPageOf(flow, state, name, ctx, id)
    return !(state.captcha && (await captchas.find(state.captcha.id, purpose)))
  }

  /** Issues a captcha for a page that lacks one. */
  async function withCaptcha(
    ctx: Context,
    key: FlowKey,
    state: FlowState<A>,
    name: keyof A & string,
  ): Promise<FlowState<A>> {
    if (!(await lacksCaptcha(ctx, key, state, name))) return state
    const page = captchaPageOf(flow, state, name, ctx, key.id)
    const listening = state.captcha?.listening ?? false
    return { ...state, captcha: { ...(await issueCaptcha(page, ports)), listening } }
  }

  /** The masked phone that got the code, and the seconds until another one may be requested. */
  const sentNote = ({ phone, at, field }: SentCode, typed: string | undefined, now: number) => ({
    phone: phone && maskedPhone(phone),
    field,
    /** Whether the wait applies to the typed phone: another phone may get a code at once. */
    isForTyped: !phone || !typed || field !== undefined || phone.endsWith(compact(typed)),
    again: Math.max(0, Math.ceil(policy.smsCode.pause - (now - at) / 1000)),
  })

  return {
    withCaptcha,

    /** The state to render on GET, stored if a captcha was issued. Undefined if another request changed the state. */
    async prepare(ctx: Context, key: FlowKey, state: FlowState<A>, name: keyof A & string) {
      if (!(await lacksCaptcha(ctx, key, state, name))) return state
      const opened = await flows.open(key)
      if (typeof opened === 'string') return undefined
      let kept: FlowState<A> | undefined
      let closed = false
      try {
        kept = await withCaptcha(ctx, key, opened.state as FlowState<A>, name)
      } finally {
        // The turn ends even if no captcha could be issued; otherwise, other requests would wait for its lease.
        closed = await opened.close(kept)
      }
      return closed ? kept : undefined
    },

    async step(
      ctx: Context,
      key: FlowKey,
      state: FlowState<A>,
      name: keyof A & string,
      refusals: readonly Refusal[] = [],
    ) {
      const step = flow.steps[name]
      const visit = visitOf(state, ctx, key.id, ports)
      render(ctx, `${flow.path}/${name}`, {
        ...(await step.page?.(visit, ports)),
        title: step.title,
        flowTitle: flow.title,
        stepper: stepperAt(flow, name),
        atHand: flow.atHand,
        origin: state.origin,
        signingIn: flow.signsIn,
        originQuery: queryOf(state.origin),
        formAction: `/${flow.path}/${key.id}/${name}`,
        token: forgeryToken(key.secret),
        typed: { ...state.drafts[name], ...linkedValues(step.links, ctx) },
        unified: unifiedOnPage(flow, state, name),
        keepsTyped: true,
        answered: state.answers[name] !== undefined,
        captcha: owesCaptcha(flow, state, name) ? state.captcha : undefined,
        // Beside a field for an SMS code, which is called 验证码 too, the captcha has another label.
        besideCode: 'send' in step.actions,
        sent: state.sent && sentNote(state.sent, state.drafts[name]?.['phone'], visit.now),
        canGoBack: stepBefore(flow, state, name) !== name,
        refusals,
      })
    },

    async done(ctx: Context, state: FlowState<A>) {
      if (!state.done || currentStep(flow, state) !== 'done') return ctx.throw(404)
      const { origin, done, given } = state
      const { interaction } = origin ?? {}
      const waiting = interaction && (await clientLinks.ofInteraction(interaction))
      // The link leads to the pending authorization request, or to the client if that request has expired.
      const backTo = waiting ? `/interaction/${interaction}` : origin && returnAddressOf(origin)
      if (flow.done.goesOn) return seeOther(ctx, backTo ?? '/account')
      render(ctx, `${flow.path}/done`, {
        ...flow.done.page?.(done.result, given),
        title: flow.done.title,
        flowTitle: flow.title,
        stepper: stepperAt(flow, 'done'),
        origin,
        originQuery: queryOf(origin),
        backTo,
        at: done.at,
      })
    },
  }
}

/** The values that the page's own link sets; a form that was sent has its own. */
const linkedValues = (links: Step<never, never, never>['links'] = {}, ctx: Context) =>
  ctx.method === 'GET'
    ? Object.fromEntries(
        Object.entries(links).flatMap(([field, values]) => {
          const value = values.find((one) => one === ctx.query[field])
          return value ? [[field, value]] : []
        }),
      )
    : {}
