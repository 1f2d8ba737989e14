import * as z from 'zod'
import { type Scope, scopes } from './oidc.ts'

/** The types of client metadata, each with its error message. */
export const visibleAscii = z.string().regex(/^[\x20-\x7e]+$/, 'must be visible ASCII characters')
export const trueOrFalse = z.boolean('must be true or false')
export const shortText = z.string('must be text').trim().min(1, 'must not be empty').max(200)
export const webAddress = z.url({ protocol: /^https?$/, error: 'must be an http(s) address' })
export const httpsAddress = z.url({ protocol: /^https$/, error: 'must be an https address' })
export const addressWithoutFragment = z
  .string('must be an address')
  .refine(URL.canParse, 'must be an address')
  // RFC 6749, 3.1.2.
  .refine((uri) => !uri.includes('#'), 'must have no fragment')
export const oneOf = <const T extends string>(values: readonly T[]) =>
  z.enum(values, `must be one of ${values.join(', ')}`)
export const listOf = <T extends z.ZodType>(entry: T) => z.array(entry, 'must be a list')
const isScope = (word: string): word is Scope => scopes.some((scope) => scope === word)
export const scopeList = z
  .string('must be scopes with a space between')
  .refine((list) => list.split(' ').every(isScope), `must be of ${scopes.join(', ')}`)
