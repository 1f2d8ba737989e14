import * as z from 'zod'
import { type ClientMetadata, clientMetadataSchema } from '../../../../config/client-metadata.ts'
import { metadataRules, usesAuthorizationEndpoint } from './metadata-rules.ts'
import type { MetadataRule, UncheckedMetadata } from './unchecked-metadata.ts'

const checkedShape = clientMetadataSchema.check(
  z.superRefine(
    (given, context) => {
      for (const agreement of metadataRules) {
        const problem = agreement(given)
        if (!problem) continue
        const [name, message] = problem
        context.addIssue({ code: 'custom', path: [name], message })
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

/** Returns the metadata of one client, or one line for each problem. No line contains a value. */
export function checkMetadata(entry: unknown): CheckedMetadata {
  const parsed = client.safeParse(entry, { reportInput: true })
  return parsed.success
    ? { metadata: parsed.data }
    : { problems: parsed.error.issues.map(describe) }
}

/** Applies rules that hold for some clients only. */
export function checkMoreRules(
  judged: CheckedMetadata,
  given: UncheckedMetadata,
  more: readonly MetadataRule[],
): CheckedMetadata {
  const own = more.flatMap((agreement) => {
    const problem = agreement(given)
    return problem ? [problem.join(': ')] : []
  })
  const problems = [...('problems' in judged ? judged.problems : []), ...own]
  return 'problems' in judged || own.length ? { problems } : judged
}

export type CheckedMetadata =
  | { readonly metadata: ClientMetadata }
  | { readonly problems: readonly string[] }

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `${issue.keys.join(', ')}: no such metadata`
  const path = issue.path.join('.')
  const missing = issue.code === 'invalid_type' && issue.input === undefined
  return `${path ? `${path}: ` : ''}${missing ? 'is missing' : issue.message}`
}
