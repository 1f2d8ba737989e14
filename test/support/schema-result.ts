import type * as z from 'zod'
import { type MessageCode, messages, say } from '../../config/messages.ts'
import { locales } from '../../config/sentences.ts'
import { refusalsOf } from '../../src/web/flow/flow-definition.ts'

/** Parses input with a schema. Returns the value, or the message code of each field (`form` for a single field). */
export function schemaResult(schema: z.ZodType, typed: unknown): unknown {
  const parsed = schema.safeParse(typed)
  if (parsed.success) return parsed.data
  const refusals = refusalsOf(parsed.error.issues)
  for (const { code, params } of refusals)
    for (const locale of locales) checkMessage(locale, code, params)
  return { refused: Object.fromEntries(refusals.map(({ field, code }) => [field, code])) }
}

/** The result of a single-field schema that rejects its input. */
export const refusedWith = (code: MessageCode) => ({ refused: { form: code } })

/** Throws if a message code has no text, or if its text keeps a placeholder without a value. */
function checkMessage(...[locale, code, params]: Parameters<typeof say>) {
  if (!Object.hasOwn(messages, code)) throw new Error(`no text for ${code}`)
  if (/[{}]/.test(say(locale, code, params)))
    throw new Error(`${code}: ${say(locale, code, params)}`)
}
