export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json }
type Members = { readonly [name: string]: Json }

/** No valid request is deeper. */
export const maxDepth = 12

/** The depth of nested objects and lists. It counts without recursion, since the value comes from outside. */
export function depthOf(value: unknown): number {
  let depth = 0
  for (let level = [value]; level.length; depth += 1)
    level = level.flatMap((each) => (each && typeof each === 'object' ? Object.values(each) : []))
  return depth
}

/**
 * Selects the members that a request asks for (OpenID Connect for Identity Assurance 1.0, 5.4–5.5). Null asks for all;
 * an object names members, or constrains a value by `value`, `values` and `max_age` (seconds until `now`, which is ms
 * since 1970); the entries of an array are filters, one of which must match. Members that are not available are left
 * out.
 * @returns undefined if a constraint is not met, so that nothing may be disclosed
 */
export function select(asked: Json, available: Json, now: number): Json | undefined {
  if (asked === null) return available
  if (isList(available)) return isList(asked) ? selectEntries(asked, available, now) : undefined
  if (!isMembers(asked)) return undefined
  if (isMembers(available)) return selectMembers(asked, available, now)
  return meets(asked, available, now) ? available : undefined
}

function selectMembers(asked: Members, available: Members, now: number): Members | undefined {
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
  return { ...requiredMembers(available), ...Object.fromEntries(selected) }
}

/**
 * Members that are always part of an answer: a record without its type or a check without its method would not be valid
 * (OpenID Identity Assurance Schema Definition 1.0, 5.4; OpenID Connect for Identity Assurance 1.0, 5.7).
 */
const requiredMembers = (available: Members): Members =>
  Object.fromEntries(Object.entries(available).filter(([name]) => required.has(name)))
const required = new Set(['trust_framework', 'type', 'check_method'])

/** Selects from each entry what its matching filters ask for. */
function selectEntries(filters: readonly Json[], available: readonly Json[], now: number) {
  const kept = available.flatMap((entry) => {
    const views = filters
      .map((filter) => select(filter, entry, now))
      .filter((view) => view !== undefined)
    return views.length ? [views.reduce(merged)] : []
  })
  return kept.length ? kept : undefined
}

/** Merges two selections from one value. */
const merged = (one: Json, other: Json): Json =>
  isMembers(one) && isMembers(other)
    ? {
        ...one,
        ...other,
        ...Object.fromEntries(
          Object.entries(one).flatMap(([name, value]) =>
            other[name] === undefined ? [] : [[name, merged(value, other[name])]],
          ),
        ),
      }
    : one

/** Whether a value meets its constraints (OpenID Connect Core 1.0, 5.5.1). */
export function meets({ value, values, max_age: maxAge }: Members, is: Json, now: number): boolean {
  if (value !== undefined && value !== is) return false
  if (values !== undefined && !(isList(values) && values.includes(is))) return false
  if (maxAge === undefined) return true
  return typeof maxAge === 'number' && now - Date.parse(String(is)) <= maxAge * 1000
}

/** Whether a request constrains the value of a member that is not available. */
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
