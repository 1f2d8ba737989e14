import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { ClientLink } from '../../ports/sso/client-links.ts'
import type { FlowDefinition, SentCode, Typed, UnifiedNames } from './flow-definition.ts'

/** Where the person came from, to lead them back even when that request has expired by then. */
export type Origin = ClientLink & { readonly interaction?: string }

/** The query by which another flow begins for the same business system, also once that request has expired. */
export function queryOf(origin: Pick<Origin, 'id' | 'interaction'> | undefined): string {
  if (!origin) return ''
  const { id, interaction } = origin
  return `?${new URLSearchParams({ ...(interaction && { interaction }), system: id })}`
}

/** All that is known of a flow between two requests; sealed in its store. */
export type FlowState<A> = {
  readonly subject: string
  /** Of which flow it is: what was earned in one is nothing in another. Set when it begins. */
  readonly path?: string
  readonly origin?: Origin
  /** The account that was signed in when it began: nobody else goes on with it. */
  readonly owner?: string
  /** What the flow that began this one handed over. */
  readonly given?: unknown
  readonly answers: Partial<A>
  readonly drafts: Readonly<Record<string, Typed>>
  /** By step: names whose characters were unified. */
  readonly unified?: Readonly<Record<string, UnifiedNames>>
  /** Steps on whose page a captcha has to be answered yet. */
  readonly owesCaptcha: Readonly<Record<string, boolean>>
  /** One was answered rightly and no decision has been made on it yet. */
  readonly captchaAnswered?: boolean
  /** The captcha that the page shows now. */
  readonly captcha?: { readonly id: string; readonly listening: boolean }
  readonly sent?: SentCode
  readonly existenceHits: number
  /** 受理编号 of the refusals in this flow. */
  readonly caseNumber?: string
  /** Set once the last step has passed: by then nothing else is kept. */
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

/** The steps on the way that was chosen. */
const stepNames = <A, P>(flow: FlowDefinition<A, P>, answers: Partial<A>) =>
  allSteps(flow).filter((name) => flow.steps[name].applies?.(answers) ?? true)

/** The step before this one, or the first itself. */
export function stepBefore<A, P>(
  flow: FlowDefinition<A, P>,
  { answers }: FlowState<A>,
  name: keyof A & string,
): keyof A & string {
  const names = stepNames(flow, answers)
  return names[names.indexOf(name) - 1] ?? name
}

/** What stands at the top of every page; ways to the same end share one title and so one place. */
export function stepperAt<A, P>(flow: FlowDefinition<A, P>, here: (keyof A & string) | 'done') {
  const titles = [
    ...new Set([...allSteps(flow).map((name) => flow.steps[name].title), flow.done.title]),
  ]
  return { titles, at: titles.indexOf((here === 'done' ? flow.done : flow.steps[here]).title) }
}

/** The step that is to be answered next, or `done`. */
export function currentStep<A, P>(
  flow: FlowDefinition<A, P>,
  state: FlowState<A>,
): (keyof A & string) | 'done' {
  if (state.done) return 'done'
  const { answers } = state
  return stepNames(flow, answers).find((name) => answers[name] === undefined) ?? 'done'
}

/** Steps are earned: open are those that have passed and the one after them; after the end none but the end. */
export function isOpen<A, P>(flow: FlowDefinition<A, P>, state: FlowState<A>, name: string) {
  const current = currentStep(flow, state)
  if (current === 'done') return name === 'done'
  const names: string[] = stepNames(flow, state.answers)
  const at = names.indexOf(name)
  return at >= 0 && at <= names.indexOf(current)
}

/** The step has passed: keeps its answer, drops later ones that depended on a different one, ends after the last. */
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

/** An earlier step has to be answered anew, and what depended on it. */
export function reopen<A, P>(
  flow: FlowDefinition<A, P>,
  state: FlowState<A>,
  name: keyof A & string,
): FlowState<A> {
  const answers = withoutDependents(flow, state.answers, name)
  delete answers[name]
  return { ...state, answers }
}

/** Where the page doesn't tell the phone, the answers did: another answer is another phone, and none got a code yet. */
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
