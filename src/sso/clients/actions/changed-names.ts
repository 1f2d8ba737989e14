import { isDeepStrictEqual } from 'node:util'
import type { GivenMetadata } from '../../../ports/operators/managed-clients.ts'

/** The names whose values differ, in alphabetical order. The secret is no part of it. */
export const changedNames = (before: GivenMetadata, after: GivenMetadata): readonly string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => name !== 'client_secret' && !isDeepStrictEqual(before[name], after[name]))
    .toSorted()
