import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { CaptchaLevel, ShownCaptcha } from '../../ports/captchas.ts'
import type { ClientLink } from '../../ports/sso/client-links.ts'
import type { FlowDefinition, SentCode, Typed, UnifiedNames } from './flow-definition.ts'

/** The client that the person came from, for the link back to it after the authorization request has expired. */
export type Origin = ClientLink & { readonly interaction?: string }

/** The query that begins another flow for the same client, even if the authorization request has expired. */
export function queryOf(origin: Pick<Origin, 'id' | 'interaction'> | undefined): string {
  if (!origin) return ''
  const { id, interaction } = origin
  return `?${new URLSearchParams({ ...(interaction && { interaction }), system: id })}`
}

/** The state of a flow between two requests; the store encrypts it. */
export type FlowState<A> = {
  readonly subject: string
  /** The path of its definition: the steps of one flow must not open those of another. Set when the flow begins. */
  readonly path?: string
  readonly origin?: Origin
  /** The account that was signed in when the flow began; nobody else may continue it. */
  readonly owner?: string
  /** The data that another flow handed over. */
  readonly given?: unknown
  readonly answers: Partial<A>
  readonly drafts: Readonly<Record<string, Typed>>
  /** The unified names by step. */
  readonly unified?: Readonly<Record<string, UnifiedNames>>
  /** Whether a step needs a captcha, or one of the hardest level. A step without an entry follows its definition. */
  readonly owesCaptcha: Readonly<Record<string, boolean | 'hardest'>>
  /** The level of a captcha that was answered rightly and has not been used for a decision yet. */
  readonly captchaAnswered?: CaptchaLevel
  /** The captcha that the page shows now. */
  readonly captcha?: ShownCaptcha & { readonly listening: boolean }
  readonly sent?: SentCode
  readonly existenceHits: number
  /** 受理编号 of the refusals in this flow. */
  readonly caseNumber?: string
  /** Set after the last step; answers and drafts are removed then. */
  readonly done?: { readonly result: A[keyof A]; readonly at: number }
}

export const newState = <A>(
  origin?: Origin,
  given?: unknown,
  drafts: FlowState<A>['drafts'] = {},
): FlowState<A> => ({
  subject: randomBytes(16).toString('base64url'),
  ...(origin && { origin }),
  ...(given !== undefined && { given }),
  answers: {},
  drafts,
  owesCaptcha: {},
  existenceHits: 0,
})

const allSteps = <A, P>({ steps }: FlowDefinition<A, P>) =>
  Object.keys(steps) as (keyof A & string)[]

/** The names of the steps that apply to these answers. */
const stepNames = <A, P>(flow: FlowDefinition<A, P>, answers: Partial<A>) =>
  allSteps(flow).filter((name) => flow.steps[name].applies?.(answers) ?? true)

/** The step before this one, or this one if it is the first. */
export function stepBefore<A, P>(
  flow: FlowDefinition<A, P>,
  { answers }: FlowState<A>,
  name: keyof A & string,
): keyof A & string {
  const names = stepNames(flow, answers)
  return names[names.indexOf(name) - 1] ?? name
}

/** The titles of the stepper and the present one. Alternative steps share one title, and so one place. */
export function stepperAt<A, P>(flow: FlowDefinition<A, P>, here: (keyof A & string) | 'done') {
  const titles = [
    ...new Set([...allSteps(flow).map((name) => flow.steps[name].title), flow.done.title]),
  ]
  return { titles, at: titles.indexOf((here === 'done' ? flow.done : flow.steps[here]).title) }
}

/** The first step without an answer, or `done`. */
export function currentStep<A, P>(
  flow: FlowDefinition<A, P>,
  state: FlowState<A>,
): (keyof A & string) | 'done' {
  if (state.done) return 'done'
  const { answers } = state
  return stepNames(flow, answers).find((name) => answers[name] === undefined) ?? 'done'
}

/** Whether a step may be shown: the steps that have passed, and the next one; after the last step only `done`. */
export function isOpen<A, P>(flow: FlowDefinition<A, P>, state: FlowState<A>, name: string) {
  const current = currentStep(flow, state)
  if (current === 'done') return name === 'done'
  const names: string[] = stepNames(flow, state.answers)
  const at = names.indexOf(name)
  return at >= 0 && at <= names.indexOf(current)
}

/** Stores the answer of a step, and removes later answers that depend on a changed one. The last step ends the flow. */
export function pass<A, P, Name extends keyof A & string>(
  flow: FlowDefinition<A, P>,
  state: FlowState<A>,
  name: Name,
  answer: A[Name],
  now: number,
): FlowState<A> {
  const changed = !isDeepStrictEqual(state.answers[name], answer)
  const earlier = changed ? withoutDependents(flow, state.answers, name) : state.answers
  const next: FlowState<A> = {
    ...(changed ? withoutUndisclosedPhone(state) : state),
    answers: { ...earlier, [name]: answer },
  }
  if (currentStep(flow, next) !== 'done') return next
  const { origin, given, owner, path } = state
  return {
    ...newState<A>(origin, given),
    ...(owner && { owner }),
    ...(path && { path }),
    done: { result: answer, at: now },
  }
}

/** Removes the answer of an earlier step and those that depend on it. */
export function reopen<A, P>(
  flow: FlowDefinition<A, P>,
  state: FlowState<A>,
  name: keyof A & string,
): FlowState<A> {
  const answers = withoutDependents(flow, state.answers, name)
  delete answers[name]
  return { ...state, answers }
}

/** Forgets a code whose phone the page does not disclose: after another answer it may belong to another phone. */
function withoutUndisclosedPhone<A>({ sent, ...state }: FlowState<A>): FlowState<A> {
  return sent?.phone === undefined ? state : { ...state, sent }
}

function withoutDependents<A, P>(
  flow: FlowDefinition<A, P>,
  answers: Partial<A>,
  name: keyof A & string,
): Partial<A> {
  const rest = { ...answers }
  for (const later of allSteps(flow))
    if (flow.steps[later].dependsOn?.includes(name)) delete rest[later]
  return rest
}
