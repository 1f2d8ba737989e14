import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { FlowDefinition, SentCode, Typed } from './definition.ts'

/** Where the person came from, to lead them back even when that request has expired by then. */
export type Origin = { readonly interaction: string; readonly name: string; readonly uri?: string }

/** All that is known of a flow between two requests; sealed in its store. */
export type FlowState<A> = {
  readonly subject: string
  readonly origin?: Origin
  readonly answers: Partial<A>
  readonly drafts: Readonly<Record<string, Typed>>
  /** Steps on whose page a captcha has to be answered yet. */
  readonly owesCaptcha: Readonly<Record<string, boolean>>
  /** One was answered rightly and no decision has been made on it yet. */
  readonly captchaAnswered?: boolean
  /** The captcha that the page shows now. */
  readonly captcha?: { readonly id: string; readonly listening: boolean }
  readonly sent?: SentCode
  readonly existenceHits: number
  /** Set once the last step has passed: by then nothing else is kept. */
  readonly done?: { readonly result: A[keyof A]; readonly at: number }
}

export const newState = <A>(origin?: Origin): FlowState<A> => ({
  subject: randomBytes(16).toString('base64url'),
  ...(origin && { origin }),
  answers: {},
  drafts: {},
  owesCaptcha: {},
  existenceHits: 0,
})

export const stepNames = <A, P>({ steps }: FlowDefinition<A, P>) =>
  Object.keys(steps) as (keyof A & string)[]

/** The step that is to be answered next, or `done`. */
export function currentStep<A, P>(
  flow: FlowDefinition<A, P>,
  state: FlowState<A>,
): (keyof A & string) | 'done' {
  if (state.done) return 'done'
  return stepNames(flow).find((name) => state.answers[name] === undefined) ?? 'done'
}

/** Steps are earned: open are those that have passed and the one after them; after the end none but the end. */
export function isOpen<A, P>(flow: FlowDefinition<A, P>, state: FlowState<A>, name: string) {
  const current = currentStep(flow, state)
  if (current === 'done') return name === 'done'
  const names: string[] = stepNames(flow)
  const at = names.indexOf(name)
  return at >= 0 && at <= names.indexOf(current)
}

export const owesCaptcha = <A, P>(
  flow: FlowDefinition<A, P>,
  state: FlowState<A>,
  name: keyof A & string,
): boolean => state.owesCaptcha[name] ?? flow.steps[name].captcha ?? false

/** The step has passed: keeps its answer, drops later ones that depended on a different one, ends after the last. */
export function pass<A, P, Name extends keyof A & string>(
  flow: FlowDefinition<A, P>,
  state: FlowState<A>,
  name: Name,
  answer: A[Name],
  now: number,
): FlowState<A> {
  const changed = !isDeepStrictEqual(state.answers[name], answer)
  const answers: Partial<A> = { ...state.answers, [name]: answer }
  if (changed)
    for (const later of stepNames(flow))
      if (flow.steps[later].dependsOn?.includes(name)) delete answers[later]
  const next = { ...state, answers }
  if (currentStep(flow, next) !== 'done') return next
  const { origin } = state
  return { ...newState<A>(origin), done: { result: answer, at: now } }
}

/** An earlier step has to be answered anew. */
export function reopen<A>(state: FlowState<A>, name: keyof A & string): FlowState<A> {
  const answers = { ...state.answers }
  delete answers[name]
  return { ...state, answers }
}
