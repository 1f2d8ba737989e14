import type { Refusal } from '../../people/refusal.ts'
import type { FlowStepOutcome } from '../../ports/counters.ts'
import type { Context } from '../context.ts'
import { refusedInOutage } from '../http/refused-in-outage.ts'
import { caseNumberOf, withCaseNumber } from '../page/case-number.ts'
import {
  afterDecision,
  afterRefusal,
  captchaPageOf,
  settleCaptcha,
  withoutCaptcha,
  withSpokenCaptcha,
} from './captcha-requirement.ts'
import { stepOutcome } from './count-steps.ts'
import type { FlowDefinition, HandOver, Outcome, Typed } from './flow-definition.ts'
import type { FlowPorts } from './flow-ports.ts'
import { currentStep, type FlowState, pass, reopen, stepBefore } from './flow-state.ts'
import { restoreTypedNames, unificationNotices, unifiedSteps, unifyNames } from './unified-names.ts'
import { visitOf } from './visit-of.ts'

/** The result of a POST: a redirect to a step or to another flow, or the page of a step with refusals. */
type Submitted<A> =
  | { readonly state: FlowState<A>; readonly goTo: string }
  | { readonly state: FlowState<A>; readonly begin: HandOver }
  | {
      readonly state: FlowState<A>
      readonly show: keyof A & string
      readonly refusals: readonly Refusal[]
    }

/** Handles a POST of a step, in this order: names, drafts, button, captcha, form, decision. */
export async function submit<A, P extends FlowPorts, Name extends keyof A & string>(
  flow: FlowDefinition<A, P>,
  before: FlowState<A>,
  name: Name,
  ctx: Context,
  id: string,
  ports: P,
  given: Typed = ctx.state.typed,
): Promise<Submitted<A>> {
  const step = flow.steps[name]
  const unified = unifyNames(flow, before, name, given, visitOf(before, ctx, id, ports))
  const { typed } = unified
  const pressed = typed['action'] ?? 'next'
  const drafts = { ...before.drafts, [name]: draftOf(step.keeps, typed) }
  const drafted = { ...unified.state, drafts }
  if (pressed === 'back') return { state: drafted, goTo: stepBefore(flow, drafted, name) }
  if (pressed === 'captcha') return { state: withoutCaptcha(drafted), goTo: name }
  if (pressed === 'listen') return { state: withSpokenCaptcha(drafted), goTo: name }
  if (pressed === 'keepNames') return keepTypedNames(flow, drafted, name, ctx, id, ports)
  const press = Object.hasOwn(step.actions, pressed) ? step.actions[pressed] : undefined
  if (!press) return ctx.throw(400)

  const captchaPage = captchaPageOf(flow, drafted, name, ctx, id)
  const { state, wrong } = await settleCaptcha(flow, drafted, name, typed, captchaPage, ports)
  const visit = visitOf(state, ctx, id, ports)
  const form = press(typed, visit, ports)
  // An empty captcha that a limit requires is no error yet: the decision may not be subject to that limit.
  const leftOpen = wrong?.code === 'captcha.required' && !step.captcha
  // The page shows all problems at once, and nothing is decided before there are none.
  const notices =
    step.showsUnification && pressed === 'next' ? unificationNotices(unified.fresh, given) : []
  const invalid = 'invalid' in form ? form.invalid : []
  const problems = [...notices, ...invalid, ...(wrong ? [wrong] : [])]
  const count = (outcome: FlowStepOutcome) =>
    ports.counters.add('flow-steps', { flow: flow.path, step: name, outcome })
  if ('invalid' in form || notices.length || (wrong && !leftOpen)) {
    count('invalid')
    return { state, show: name, refusals: problems }
  }

  const outcome = await outcomeOf(form.decide(), ctx)
  count(stepOutcome(outcome, state.answers[name] !== undefined))
  const hits = state.existenceHits + ('existenceHit' in outcome ? 1 : 0)
  const decided = { ...afterDecision(flow, state, name), existenceHits: hits }
  if ('passed' in outcome) {
    const passed = pass(flow, decided, name, outcome.passed, visit.now)
    return { state: passed, goTo: currentStep(flow, passed) }
  }
  if ('sent' in outcome) return { state: { ...decided, sent: outcome.sent }, goTo: name }
  if ('begin' in outcome) return { state: decided, begin: outcome.begin }
  const refused = await withCaseNumber(outcome.refused, decided.caseNumber, ports.cases)
  const caseNumber = caseNumberOf(refused)
  const kept = caseNumber ? { ...decided, caseNumber } : decided
  if ('reopen' in outcome) {
    const reopened = reopen(flow, kept, outcome.reopen)
    return { state: reopened, show: outcome.reopen, refusals: [refused] }
  }
  const refusals = 'and' in outcome && outcome.and ? [refused, outcome.and] : [refused]
  return { state: afterRefusal(kept, name, refused), show: name, refusals }
}

/** Awaits the decision. In an outage of a store, the page is shown again with everything that was typed. */
async function outcomeOf<A, Answer>(
  decision: Promise<Outcome<A, Answer>>,
  ctx: Context,
): Promise<Outcome<A, Answer>> {
  const outcome = await refusedInOutage(decision, ctx, { kept: true })
  return 'code' in outcome ? { refused: outcome } : outcome
}

/** 保留原字: restores the typed names of this step and of the step before, which is submitted again. */
async function keepTypedNames<A, P extends FlowPorts>(
  flow: FlowDefinition<A, P>,
  drafted: FlowState<A>,
  name: keyof A & string,
  ctx: Context,
  id: string,
  ports: P,
): Promise<Submitted<A>> {
  const steps = unifiedSteps(flow, drafted, name)
  const state = steps.reduce((all, step) => restoreTypedNames(all, step), drafted)
  const before = steps.find((step) => step !== name)
  if (!before) return { state, goTo: name }
  return submit(flow, state, before, ctx, id, ports, state.drafts[before])
}

/** The values to show again, without those that are too long for any field. */
const draftOf = (fields: readonly string[], typed: Typed): Typed =>
  Object.fromEntries(
    fields.flatMap((field) => {
      const value = typed[field]
      return value !== undefined && value.length <= 200 ? [[field, value]] : []
    }),
  )
