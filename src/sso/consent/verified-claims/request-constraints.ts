export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json }
type Members = { readonly [name: string]: Json }

/** Deeper than anything that can be asked for. */
export const deepest = 12

/** How many objects and lists stand in each other; of what came from outside, so it counts without recursion. */
export function depthOf(value: unknown): number {
  let depth = 0
  for (let level = [value]; level.length; depth += 1)
    level = level.flatMap((each) => (each && typeof each === 'object' ? Object.values(each) : []))
  return depth
}

/**
 * What of `available` a request asks for (OpenID Connect for Identity Assurance 1.0, 5.4–5.5): null asks for all of it,
 * an object for some members or, where there are none, for values it constrains by `value`, `values` and `max_age`
 * (seconds until `now`, ms since 1970); the entries of an array are filters, any of which may be met. What is not there
 * is left out. Undefined: a constraint is not met, so that nothing of this may be told.
 */
export function select(asked: Json, available: Json, now: number): Json | undefined {
  if (asked === null) return available
  if (isList(available)) return isList(asked) ? filtered(asked, available, now) : undefined
  if (!isMembers(asked)) return undefined
  if (isMembers(available)) return members(asked, available, now)
  return meets(asked, available, now) ? available : undefined
}

function members(asked: Members, available: Members, now: number): Members | undefined {
  const selected: [string, Json][] = []
  for (const [name, wish] of Object.entries(asked)) {
    const value = Object.hasOwn(available, name) ? available[name] : undefined
    if (value === undefined) {
      if (isConstrained(wish)) return undefined
      continue
    }
    const found = select(wish, value, now)
    if (found === undefined) return undefined
    selected.push([name, found])
  }
  return { ...withoutWhichNone(available), ...Object.fromEntries(selected) }
}

/**
 * Of what is told, told in any case: a record without its type, or a check without its method, would be no valid answer
 * (OpenID Identity Assurance Schema Definition 1.0, 5.4; 5.7 here).
 */
const withoutWhichNone = (available: Members): Members =>
  Object.fromEntries(Object.entries(available).filter(([name]) => required.has(name)))
const required = new Set(['trust_framework', 'type', 'check_method'])

/** Each entry as the filters that it meets ask for it. */
function filtered(filters: readonly Json[], available: readonly Json[], now: number) {
  const kept = available.flatMap((entry) => {
    const views = filters
      .map((filter) => select(filter, entry, now))
      .filter((view) => view !== undefined)
    return views.length ? [views.reduce(joined)] : []
  })
  return kept.length ? kept : undefined
}

/** Two views of one thing. */
const joined = (one: Json, other: Json): Json =>
  isMembers(one) && isMembers(other)
    ? {
        ...one,
        ...other,
        ...Object.fromEntries(
          Object.entries(one).flatMap(([name, value]) =>
            other[name] === undefined ? [] : [[name, joined(value, other[name])]],
          ),
        ),
      }
    : one

/** Whether one value is as it is asked for (Core, 5.5.1). */
export function meets({ value, values, max_age: maxAge }: Members, is: Json, now: number): boolean {
  if (value !== undefined && value !== is) return false
  if (values !== undefined && !(isList(values) && values.includes(is))) return false
  if (maxAge === undefined) return true
  return typeof maxAge === 'number' && now - Date.parse(String(is)) <= maxAge * 1000
}

/** Whether something that isn't there was to be something in particular. */
function isConstrained(asked: Json): boolean {
  if (isList(asked)) return asked.some(isConstrained)
  if (!isMembers(asked)) return false
  return ['value', 'values', 'max_age'].some((name) => Object.hasOwn(asked, name))
    ? true
    : Object.values(asked).some(isConstrained)
}

const isList = (json: Json): json is readonly Json[] => Array.isArray(json)
export const isMembers = (json: Json): json is Members =>
  json !== null && typeof json === 'object' && !isList(json)
