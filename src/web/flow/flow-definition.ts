import * as z from 'zod'
import type { MessageCode } from '../../../config/messages.ts'
import type { Refusal } from '../../people/refusal.ts'
import type { SignedIn } from '../../people/signed-in-account.ts'
import type { Visitor } from '../../people/visitor.ts'

/** The fields of a submitted form. `readForm` has rejected anything but one string per field. */
export type Typed = Readonly<Record<string, string>>

/** A name whose characters were unified, as it was typed. `kept`: the person decided to keep it so. */
export type UnifiedName = { readonly typed: string; readonly kept?: true }
/** Unified names by field. */
export type UnifiedNames = Readonly<Record<string, UnifiedName>>

/** The last code that this flow sent, as the page describes it. */
export type SentCode = {
  /** Absent if the page must not disclose to which phone the code was sent, or whether it was sent at all. */
  readonly phone?: string
  /** ms since 1970. */
  readonly at: number
  /** The field for the code, if it is not the page's first one. */
  readonly field?: string
}

/** The input of a decision apart from the form. `A` maps each step's name to its answer. */
export type Visit<A> = {
  /** The answers of the steps that have passed. All steps before this one have an answer. */
  readonly answers: Partial<A>
  /** The flow's public id. */
  readonly flow: string
  /** A random id for the record that the flow's last step creates, which makes that step idempotent. */
  readonly subject: string
  readonly visitor: Visitor
  /** The owner of a flow that requires a login. */
  readonly signedIn: SignedIn | undefined
  /** The number of times that this flow disclosed that a username or an ID exists. */
  readonly existenceHits: number
  /** The data of the hand-over by which another flow began this one (`HandOver`). It has to be parsed here. */
  readonly handedOver: unknown
  /** ms since 1970. */
  readonly now: number
}

/** The hand-over to another flow: its path, and data that is encrypted in its state and never part of an address. */
export type HandOver = {
  readonly path: string
  readonly data: unknown
  /** Values by step and field that were typed here already and need not be typed again (WCAG 2.2, 3.3.7). */
  readonly drafts?: Readonly<Record<string, Typed>>
}

/**
 * The outcome of a decision: the step passes with an answer, the page is shown again because a code was sent or with a
 * refusal, an earlier step is reopened, or another flow begins.
 */
export type Outcome<A, Answer> =
  | { readonly passed: Answer; readonly existenceHit?: true }
  | { readonly sent: SentCode }
  | { readonly refused: Refusal; readonly and?: Refusal; readonly existenceHit?: true }
  | { readonly reopen: keyof A & string; readonly refused: Refusal }
  | { readonly begin: HandOver }

/** A valid form that can be decided on, or all problems of an invalid one. */
type CheckedForm<A, Answer> =
  | { readonly invalid: readonly Refusal[] }
  | { decide(): Promise<Outcome<A, Answer>> }

export type Action<A, Ports, Answer> = (
  typed: Typed,
  visit: Visit<A>,
  ports: Ports,
) => CheckedForm<A, Answer>

/** One page with a form. */
export type Step<A, Ports, Answer> = {
  readonly title: MessageCode
  /** The fields whose values are kept as drafts; never passwords, codes or captchas. */
  readonly keeps: readonly string[]
  /** The values of fields that a link of the page may set in its query, for those who use no script. */
  readonly links?: Readonly<Record<string, readonly string[]>>
  /** The fields with names, whose radicals and compatibility ideographs are unified (`unifyNames`). */
  readonly names?: readonly string[]
  /** The registered name, which is not unified. */
  readonly registeredName?: (visit: Visit<A>) => string
  /** Whether the step's own page shows unified names before it passes, because the step asks the bank about them. */
  readonly showsUnification?: true
  /** Whether the page has a captcha, once or at each try. Without it, the page has one only if a limit requires it. */
  readonly captcha?: true | 'each try'
  /** Whether the step belongs to the way that the person chose. Alternative steps have the same title. */
  readonly applies?: (answers: Partial<A>) => boolean
  /** Earlier steps: a changed answer of one of them removes the answer of this step. */
  readonly dependsOn?: readonly (keyof A & string)[]
  /** The actions by the value of the pressed button; Enter triggers `next`. */
  readonly actions: { readonly next: Action<A, Ports, Answer> } & Readonly<
    Record<string, Action<A, Ports, Answer>>
  >
  /** Further locals of the view. */
  readonly page?: (visit: Visit<A>, ports: Ports) => object | Promise<object>
}

/** A flow as data: its steps in order, and its last page. */
export type FlowDefinition<A, Ports> = {
  /** The path of its addresses, e.g. `recover/username`, which is the folder of its views too. */
  readonly path: string
  readonly title: MessageCode
  /** Things to have at hand, which wide screens show beside the form. */
  readonly atHand?: readonly MessageCode[]
  /** Whether the flow is part of a sign-in; its pages say so. */
  readonly signsIn?: true
  /** The path of the flow that hands over to this one. Without it, anybody may begin the flow. */
  readonly earnedAt?: string
  readonly steps: { readonly [Name in keyof A & string]: Step<A, Ports, A[Name]> }
  readonly done: {
    readonly title: MessageCode
    /** Whether the flow has no last page and continues with the request that it came from. */
    readonly goesOn?: true
    readonly page?: (result: A[keyof A], given: unknown) => object
    /** Whether the last step ends the session of the flow's owner: then the last page needs no session. */
    readonly signedOut?: true
  }
}

/** Makes an action that validates its form by a schema first. The page shows all problems of the form at once. */
export function action<A, Ports, Answer, Form>(
  form: (visit: Visit<A>, ports: Ports, typed: Typed) => z.ZodType<Form>,
  decide: (form: Form, visit: Visit<A>, ports: Ports) => Promise<Outcome<A, Answer>>,
): Action<A, Ports, Answer> {
  return (typed, visit, ports) => {
    const schema = form(visit, ports, typed)
    const parsed = schema.safeParse(typed)
    return parsed.success
      ? { decide: () => decide(parsed.data, visit, ports) }
      : { invalid: inOrder(refusalsOf(parsed.error.issues), fieldsOf(schema)) }
  }
}

/** Sorts refusals by field. The issues of cross-field rules come last in a schema, wherever their fields are. */
const inOrder = (refusals: readonly Refusal[], fields: readonly string[]) =>
  refusals.toSorted((one, other) => fields.indexOf(one.field) - fields.indexOf(other.field))

/** The fields of a form, in the order of the page. */
function fieldsOf(form: unknown): readonly string[] {
  if (form instanceof z.ZodPipe) return fieldsOf(form.out)
  return form instanceof z.ZodObject ? Object.keys(form.shape) : []
}

/** The parameters of an issue. `until` is a time, which the page writes in its language. */
function paramsOf(issue: z.core.$ZodIssue): Pick<Refusal, 'params' | 'until'> {
  if (issue.code !== 'custom' || !issue.params) return {}
  const { until, ...params } = issue.params as NonNullable<Refusal['params']>
  return { params, ...(typeof until === 'number' && { until }) }
}

/** Converts the first issue of each field to a refusal. The message of an issue is a message code. */
export function refusalsOf(issues: readonly z.core.$ZodIssue[]): Refusal[] {
  const byField = new Map<string, Refusal>()
  for (const issue of issues) {
    const field = String(issue.path[0] ?? 'form')
    if (!byField.has(field))
      byField.set(field, { field, code: issue.message as MessageCode, ...paramsOf(issue) })
  }
  return [...byField.values()]
}
