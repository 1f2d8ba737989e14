import type * as z from 'zod'
import { locales, type MessageCode, messages, say } from '../../config/messages.ts'
import { refusalsOf } from '../../src/web/flow/definition.ts'

/** What a schema makes of what was typed: its value, or the code beside each field (`form` for a single field). */
export function schemaResult(schema: z.ZodType, typed: unknown): unknown {
  const parsed = schema.safeParse(typed)
  if (parsed.success) return parsed.data
  const refusals = refusalsOf(parsed.error.issues)
  for (const { code, params } of refusals)
    for (const locale of locales) sentence(locale, code, params)
  return { refused: Object.fromEntries(refusals.map(({ field, code }) => [field, code])) }
}

/** The answer of a schema for a single field that refuses. */
export const refusedWith = (code: MessageCode) => ({ refused: { form: code } })

/** A refusal that nobody can read is a fault of ours: no such sentence, or a placeholder without its value. */
function sentence(...[locale, code, params]: Parameters<typeof say>) {
  if (!Object.hasOwn(messages, code)) throw new Error(`no sentence for ${code}`)
  if (/[{}]/.test(say(locale, code, params)))
    throw new Error(`${code}: ${say(locale, code, params)}`)
}
