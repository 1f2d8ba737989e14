import type * as z from 'zod'
import { type MessageCode, messages } from './messages.ts'

/** A problem of a value as data. `field` is its name, with the position in a list: `redirect_uris.0`. */
export type SchemaProblem = {
  readonly field: string
  readonly code: MessageCode
  readonly params: Readonly<Record<string, string | number>>
}

/** The problem of an issue, whose message may be a code. It contains no value, if issues report their input. */
export function problemOfIssue(issue: z.core.$ZodIssue): SchemaProblem {
  const field = issue.path.join('.')
  if (issue.code === 'invalid_type' && issue.input === undefined)
    return { field, code: 'metadata.missing', params: {} }
  const { message } = issue
  return isMessageCode(message)
    ? { field, code: message, params: paramsOf(issue) }
    : { field, code: 'metadata.other', params: { text: message } }
}

function paramsOf(issue: z.core.$ZodIssue): SchemaProblem['params'] {
  if (issue.code === 'invalid_value') return { values: issue.values.join(', ') }
  if (issue.code === 'too_big') return { most: Number(issue.maximum) }
  return issue.code === 'custom' ? { ...issue.params } : {}
}

const isMessageCode = (text: string): text is MessageCode => text in messages
