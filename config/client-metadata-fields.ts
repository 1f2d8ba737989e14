import * as z from 'zod'
import { type Scope, scopes } from './oidc.ts'

/** The types of client metadata, each with the code of its message (`client-metadata-messages.ts`). */
export const visibleAscii = z.string().regex(/^[\x20-\x7e]+$/, 'metadata.ascii')
export const trueOrFalse = z.boolean('metadata.trueOrFalse')
export const shortText = z
  .string('metadata.text')
  .trim()
  .min(1, 'metadata.empty')
  .max(200, 'metadata.tooLong')
export const webAddress = z.url({ protocol: /^https?$/, error: 'metadata.webAddress' })
export const httpsAddress = z.url({ protocol: /^https$/, error: 'metadata.httpsAddress' })
export const addressWithoutFragment = z
  .string('metadata.address')
  .refine(URL.canParse, 'metadata.address')
  // RFC 6749, 3.1.2.
  .refine((uri) => !uri.includes('#'), 'metadata.fragment')
export const oneOf = <const T extends string>(values: readonly T[]) =>
  z.enum(values, 'metadata.oneOf')
export const listOf = <T extends z.ZodType>(entry: T) => z.array(entry, 'metadata.list')
const isScope = (word: string): word is Scope => scopes.some((scope) => scope === word)
export const scopeList = z
  .string('metadata.scopes')
  .refine((list) => list.split(' ').every(isScope), {
    error: 'metadata.scopesOf',
    params: { values: scopes.join(', ') },
  })
/** RFC 7517, 5. */
export const keySet = z.object(
  {
    keys: z
      .array(
        z.looseObject({ kty: z.string('metadata.keySet') }, 'metadata.keySet'),
        'metadata.keySet',
      )
      .min(1, 'metadata.keySet'),
  },
  'metadata.keySet',
)
