import * as z from 'zod'
import { type ClientMetadata, clientMetadataSchema } from '../../../../config/client-metadata.ts'
import { say } from '../../../../config/messages.ts'
import { problemOfIssue, type SchemaProblem } from '../../../../config/schema-problem.ts'
import { metadataRules, usesAuthorizationEndpoint } from './metadata-rules.ts'
import type { MetadataRule, UncheckedMetadata } from './unchecked-metadata.ts'

/** A problem of the metadata, by the names of RFC 7591. */
export type ClientProblem = SchemaProblem

const checkedShape = clientMetadataSchema.check(
  z.superRefine(
    (given, context) => {
      for (const agreement of metadataRules) {
        const problem = agreement(given)
        if (!problem) continue
        const [name, message, params = {}] = problem
        context.addIssue({ code: 'custom', path: [name], message, params: { ...params } })
      }
    },
    { when: ({ value }) => typeof value === 'object' && value !== null },
  ),
)

/**
 * If `response_types` and `redirect_uris` were left out, their defaults would allow the authorization endpoint (RFC
 * 7591, 2).
 */
const client = checkedShape.transform((given) =>
  usesAuthorizationEndpoint(given) ? given : { ...given, redirect_uris: [], response_types: [] },
)

/** Returns the metadata of one client, or all problems. No problem contains a value. */
export function checkMetadata(entry: unknown): CheckedMetadata {
  const parsed = client.safeParse(entry, { reportInput: true })
  return parsed.success
    ? { metadata: parsed.data }
    : { problems: parsed.error.issues.map(problemOf) }
}

/** Applies rules that hold for some clients only. */
export function checkMoreRules(
  judged: CheckedMetadata,
  given: UncheckedMetadata,
  more: readonly MetadataRule[],
): CheckedMetadata {
  const own = more.flatMap((agreement) => {
    const problem = agreement(given)
    if (!problem) return []
    const [field, code, params = {}] = problem
    return [{ field, code, params }]
  })
  const problems = [...('problems' in judged ? judged.problems : []), ...own]
  return 'problems' in judged || own.length ? { problems } : judged
}

export type CheckedMetadata =
  | { readonly metadata: ClientMetadata }
  | { readonly problems: readonly ClientProblem[] }

/** A problem as one line in English, e.g. `scope: must hold openid`. */
export const problemLine = ({ field, code, params }: ClientProblem): string =>
  `${field ? `${field}: ` : ''}${say('en', code, params)}`

const problemOf = (issue: z.core.$ZodIssue): ClientProblem =>
  issue.code === 'unrecognized_keys'
    ? { field: issue.keys.join(', '), code: 'metadata.unknown', params: {} }
    : problemOfIssue(issue)
