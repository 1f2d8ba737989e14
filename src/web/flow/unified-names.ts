import type { MessageCode } from '../../../config/messages.ts'
import { unificationOf, unifyHan } from '../../people/fields/han.ts'
import { type Refusal, refuse } from '../../people/refusal.ts'
import type { FlowDefinition, Typed, UnifiedName, Visit } from './flow-definition.ts'
import { type FlowState, stepBefore } from './flow-state.ts'

/** The longest value that is unified and stored as typed; names are shorter. */
const longest = 200

/**
 * Unifies the radicals and compatibility ideographs in the names of a form, except those that the person decided to
 * keep and those of a registered name. `fresh` are the fields whose unification the page has not shown yet.
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
    // A browser sends back the unified name that the page shows, or with script the typed one.
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

/** The notices that a step shows once before it asks the bank about unified names. */
export const unificationNotices = (fresh: readonly string[], typed: Typed): readonly Refusal[] =>
  fresh.flatMap((field) => {
    const params = unificationOf(typed[field] ?? '')
    return params ? [refuse(field, 'name.unifiedFirst', { params })] : []
  })

/** The unified names that a page shows: its own and those of the step before. */
export const unifiedOnPage = <A, P>(
  flow: FlowDefinition<A, P>,
  state: FlowState<A>,
  name: keyof A & string,
) =>
  [...new Set([stepBefore(flow, state, name), name])].flatMap((step) =>
    unifiedFields(state, step).map(([field, { typed }]) => wordsOf(field, typed)),
  )

/** The steps whose typed names 保留原字 restores on this page. */
export const unifiedSteps = <A, P>(
  flow: FlowDefinition<A, P>,
  state: FlowState<A>,
  name: keyof A & string,
): readonly (keyof A & string)[] =>
  [...new Set([stepBefore(flow, state, name), name])].filter(
    (step) => unifiedFields(state, step).length,
  )

/** Restores the typed names of a step and excludes them from unification. */
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
