import * as z from 'zod'
import type { MessageCode } from '../../../config/messages.ts'
import type { Refusal } from '../../people/refusal.ts'
import type { SignedIn } from '../../people/signed-in-account.ts'
import type { Visitor } from '../../people/visitor.ts'

/** What a form sent, field by field; anything but one string a field was turned away before. */
export type Typed = Readonly<Record<string, string>>

/** A name whose characters were unified, as typed; `kept`: the person wants it as it was. */
export type UnifiedName = { readonly typed: string; readonly kept?: true }
/** By field. */
export type UnifiedNames = Readonly<Record<string, UnifiedName>>

/** The code that was sent last in this flow: what the page says of it. */
export type SentCode = {
  /** Absent where the page must not tell to which phone, nor whether to any. */
  readonly phone?: string
  /** ms since 1970. */
  readonly at: number
  /** The field for the code, where the page has a second one. */
  readonly field?: string
}

/** What a decision may know beside the form. `A` maps each step's name to its answer. */
export type Visit<A> = {
  /** Answers of the steps that have passed; those before this one are there for certain. */
  readonly answers: Partial<A>
  /** The flow's public id. */
  readonly flow: string
  /** An id drawn when the flow began, for the one record that its last step makes: repeating is safe. */
  readonly subject: string
  readonly visitor: Visitor
  /** Whose flow it is, where it stands behind the login. */
  readonly signedIn: SignedIn | undefined
  /** How often this flow has told that a username or an ID exists. */
  readonly existenceHits: number
  /** What another flow handed over when it began this one (`begin`): to be parsed, it comes from elsewhere. */
  readonly given: unknown
  /** ms since 1970. */
  readonly now: number
}

/** Another flow that goes on from here: its path, and what it has to know; sealed in its state, never in an address. */
export type HandOver = {
  readonly path: string
  readonly given: unknown
  /** By step: what was typed here already and stands in its fields (WCAG 2.2, 3.3.7). */
  readonly drafts?: Readonly<Record<string, Typed>>
}

/**
 * What a decision leads to: the step passes with an answer, the page comes again (something was sent),
 * an earlier step opens again, another flow begins, or the person is told what to do differently.
 */
export type Outcome<A, Answer> =
  | { readonly passed: Answer; readonly existenceHit?: true }
  | { readonly sent: SentCode }
  | { readonly refused: Refusal; readonly and?: Refusal; readonly existenceHit?: true }
  | { readonly reopen: keyof A & string; readonly refused: Refusal }
  | { readonly begin: HandOver }

/** A form that is complete and can be decided on, or all that is wrong with it. */
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
  /** Fields whose typed values come again; never passwords, codes or captchas. */
  readonly keeps: readonly string[]
  /** Fields with names, whose radicals and compatibility ideographs are unified (`unifyNames`). */
  readonly names?: readonly string[]
  /** The name that stands registered, and stays as it is. */
  readonly registeredName?: (visit: Visit<A>) => string
  /** The step asks the bank about its names, so that its own page has to say what was unified. */
  readonly showsUnification?: true
  /** A captcha stands on the page until it is answered, or at each try; others get one when a limit asks for it. */
  readonly captcha?: true | 'each try'
  /** Whether this way is the one that was chosen; the others of the same title are left out. */
  readonly applies?: (answers: Partial<A>) => boolean
  /** Earlier steps whose changed answer makes this one's void. */
  readonly dependsOn?: readonly (keyof A & string)[]
  /** By the value of the pressed button; `next` is what Enter does. */
  readonly actions: { readonly next: Action<A, Ports, Answer> } & Readonly<
    Record<string, Action<A, Ports, Answer>>
  >
  /** What the page shows beside the fields. */
  readonly page?: (visit: Visit<A>, ports: Ports) => object | Promise<object>
}

/** A flow as data: its steps in order, and the page at its end. */
export type FlowDefinition<A, Ports> = {
  /** The path under which it lives, e.g. `recover/username`; also the folder of its views. */
  readonly path: string
  readonly title: MessageCode
  /** Things to have at hand; wide screens show them beside the form. */
  readonly atHand?: readonly MessageCode[]
  /** It is part of a sign-in, and its pages say so. */
  readonly signsIn?: true
  /** Where it has to be earned: the path of what hands over to it. Without, anybody may begin it. */
  readonly earnedAt?: string
  readonly steps: { readonly [Name in keyof A & string]: Step<A, Ports, A[Name]> }
  readonly done: {
    readonly title: MessageCode
    /** Without a page at its end: straight on to the request that it came from. */
    readonly goesOn?: true
    readonly page?: (result: A[keyof A], given: unknown) => object
    /** The last step ends the sign-in that the flow stood behind: whoever holds the flow sees this page. */
    readonly signedOut?: true
  }
}

/** An action whose form is checked by a schema first; every problem of the form is told at once. */
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

/** Rules about several fields come last in a schema; their sentences stand where their fields do. */
const inOrder = (refusals: readonly Refusal[], fields: readonly string[]) =>
  refusals.toSorted((one, other) => fields.indexOf(one.field) - fields.indexOf(other.field))

/** The fields of a form, in the page's order. */
function fieldsOf(form: unknown): readonly string[] {
  if (form instanceof z.ZodPipe) return fieldsOf(form.out)
  return form instanceof z.ZodObject ? Object.keys(form.shape) : []
}

/** The issues of a schema as refusals, the first of each field; an issue's message is a message code. */
export function refusalsOf(issues: readonly z.core.$ZodIssue[]): Refusal[] {
  const byField = new Map<string, Refusal>()
  for (const issue of issues) {
    const field = String(issue.path[0] ?? 'form')
    const params = issue.code === 'custom' ? (issue.params as Refusal['params']) : undefined
    if (!byField.has(field))
      byField.set(field, { field, code: issue.message as MessageCode, ...(params && { params }) })
  }
  return [...byField.values()]
}
