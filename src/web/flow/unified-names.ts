import type { MessageCode } from '../../../config/messages.ts'
import { unificationOf, unifyHan } from '../../people/fields/han.ts'
import { type Refusal, refuse } from '../../people/refusal.ts'
import type { FlowDefinition, Typed, UnifiedName, Visit } from './flow-definition.ts'
import { type FlowState, stepBefore } from './flow-state.ts'

/** No name is longer, nor kept for its page. */
const longest = 200

/**
 * A form of a step with radicals and compatibility ideographs of its names unified, but for those that the person
 * chose to keep and those that stand registered so. `fresh`: the fields of which the page has not told it yet.
 */
export function unifyNames<A, P, Name extends keyof A & string>(
  flow: FlowDefinition<A, P>,
  state: FlowState<A>,
  name: Name,
  typed: Typed,
  visit: Visit<A>,
): { readonly state: FlowState<A>; readonly typed: Typed; readonly fresh: readonly string[] } {
  const { names = [], registeredName } = flow.steps[name]
  const before = state.unified?.[name] ?? {}
  const folded: Record<string, string> = { ...typed }
  const records: Record<string, UnifiedName> = {}
  const fresh: string[] = []
  for (const field of names) {
    const value = typed[field] ?? ''
    const known = before[field]
    // The page shows the unified name, or in a browser with script what was typed.
    if (known && (value === known.typed || (!known.kept && value === unifyHan(known.typed)))) {
      records[field] = known
      if (!known.kept) folded[field] = unifyHan(value)
    } else if (
      unificationOf(value) &&
      value !== registeredName?.(visit) &&
      value.length <= longest
    ) {
      records[field] = { typed: value }
      folded[field] = unifyHan(value)
      fresh.push(field)
    }
  }
  const kept = { ...state, unified: { ...state.unified, [name]: records } }
  return { state: names.length ? kept : state, typed: folded, fresh }
}

/** Where a step asks the bank itself, its page says once what was unified before that. */
export const unificationNotices = (fresh: readonly string[], typed: Typed): readonly Refusal[] =>
  fresh.flatMap((field) => {
    const params = unificationOf(typed[field] ?? '')
    return params ? [refuse(field, 'name.unifiedFirst', { params })] : []
  })

/** The changes of names that a page tells: its own and those of the step before it. */
export const unifiedOnPage = <A, P>(
  flow: FlowDefinition<A, P>,
  state: FlowState<A>,
  name: keyof A & string,
) =>
  [...new Set([stepBefore(flow, state, name), name])].flatMap((step) =>
    unifiedFields(state, step).map(([field, { typed }]) => wordsOf(field, typed)),
  )

/** The steps on this page whose names come back as typed when 保留原字 is pressed. */
export const unifiedSteps = <A, P>(
  flow: FlowDefinition<A, P>,
  state: FlowState<A>,
  name: keyof A & string,
): readonly (keyof A & string)[] =>
  [...new Set([stepBefore(flow, state, name), name])].filter(
    (step) => unifiedFields(state, step).length,
  )

/** The names of a step as they were typed, for good. */
export function restoreTypedNames<A>(state: FlowState<A>, name: keyof A & string): FlowState<A> {
  const back = unifiedFields(state, name)
  const typed = Object.fromEntries(back.map(([field, { typed }]) => [field, typed]))
  const kept = Object.fromEntries(
    back.map(([field, one]) => [field, { ...one, kept: true as const }]),
  )
  return {
    ...state,
    drafts: { ...state.drafts, [name]: { ...state.drafts[name], ...typed } },
    unified: { ...state.unified, [name]: { ...state.unified?.[name], ...kept } },
  }
}

const unifiedFields = <A>(state: FlowState<A>, name: string) =>
  Object.entries(state.unified?.[name] ?? {}).filter(([, { kept }]) => !kept)

const wordsOf = (field: string, typed: string) => ({
  label: `${field}.label` as MessageCode,
  ...(unificationOf(typed) ?? { from: '', to: '' }),
})
