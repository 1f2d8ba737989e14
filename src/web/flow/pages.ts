import { maskedPhone } from '../../people/phone.ts'
import type { Refusal } from '../../people/refusal.ts'
import type { FlowKey } from '../../ports/flows.ts'
import type { Context } from '../context.ts'
import { forgeryToken } from '../forgery.ts'
import type { Render } from '../page.ts'
import type { FlowDefinition, SentCode } from './definition.ts'
import type { FlowPorts } from './routes.ts'
import { currentStep, type FlowState, owesCaptcha, stepNames } from './state.ts'
import { visitOf } from './visit.ts'

/** The pages of a flow: a step with what was typed before, and the end. */
export function flowPages<A, P extends FlowPorts>(
  flow: FlowDefinition<A, P>,
  ports: P,
  render: Render,
) {
  const { captchas, businessSystems, flows, policy } = ports

  /** The stepper at the top of every page. */
  const stepper = (here: string) => {
    const titles = [...stepNames(flow).map((name) => flow.steps[name].title), flow.done.title]
    const at =
      here === 'done' ? titles.length - 1 : stepNames(flow).indexOf(here as keyof A & string)
    return { titles, at }
  }

  /** A page that owes a captcha shows one that can still be answered, and the same one as long as it can. */
  async function withCaptcha(state: FlowState<A>, name: keyof A & string): Promise<FlowState<A>> {
    if (!owesCaptcha(flow, state, name)) return state
    if (state.captcha && (await captchas.isOpen(state.captcha.id))) return state
    const listening = state.captcha?.listening ?? false
    return { ...state, captcha: { id: await captchas.issue(), listening } }
  }

  /** Which phone the code went to, masked, and in how many seconds another may be asked for. */
  const sentNote = ({ phone, at }: SentCode, now: number) => ({
    phone: maskedPhone(phone),
    again: Math.max(0, Math.ceil(policy.smsCode.pause - (now - at) / 1000)),
  })

  return {
    withCaptcha,

    /** The state to show on GET; stored first when a captcha had to be issued. Undefined: another request moved it. */
    async prepare(key: FlowKey, state: FlowState<A>, name: keyof A & string) {
      const ready = await withCaptcha(state, name)
      if (ready === state) return state
      const opened = await flows.open(key)
      if (typeof opened === 'string') return undefined
      let kept: FlowState<A> | undefined
      let closed = false
      try {
        kept = await withCaptcha(opened.state as FlowState<A>, name)
      } finally {
        // Also where no captcha could be issued: nobody is to wait for a turn that is over.
        closed = await opened.close(kept)
      }
      return closed ? kept : undefined
    },

    step(
      ctx: Context,
      key: FlowKey,
      state: FlowState<A>,
      name: keyof A & string,
      refusals: readonly Refusal[] = [],
    ) {
      const step = flow.steps[name]
      const visit = visitOf(state, ctx, key.id, ports)
      const names = stepNames(flow)
      render(ctx, `${flow.path}/${name}`, {
        ...step.page?.(visit, ports),
        title: step.title,
        flowTitle: flow.title,
        stepper: stepper(name),
        origin: state.origin,
        formAction: `/${flow.path}/${key.id}/${name}`,
        token: forgeryToken(key.secret),
        typed: state.drafts[name] ?? {},
        answered: state.answers[name] !== undefined,
        captcha: owesCaptcha(flow, state, name) ? state.captcha : undefined,
        sent: state.sent && sentNote(state.sent, visit.now),
        canGoBack: names.indexOf(name) > 0,
        refusals,
      })
    },

    async done(ctx: Context, state: FlowState<A>) {
      if (!state.done || currentStep(flow, state) !== 'done') return ctx.throw(404)
      const { origin, done } = state
      const waiting = origin && (await businessSystems.waiting(origin.interaction))
      render(ctx, `${flow.path}/done`, {
        ...flow.done.page?.(done.result),
        title: flow.done.title,
        flowTitle: flow.title,
        stepper: stepper('done'),
        origin,
        // The request they came with goes on; when it has expired by then, the system itself is the way.
        backTo: waiting && origin ? `/interaction/${origin.interaction}` : origin?.uri,
        at: done.at,
      })
    },
  }
}
