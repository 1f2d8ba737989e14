import * as z from 'zod'
import type { MessageCode } from '../../../config/messages.ts'
import type { MessageParams } from '../refusal.ts'
import { withoutInvisibleMarks } from './typed-text.ts'

/** Rejects a value with the code of the message that tells the person what to do. */
export type Reject = (code: MessageCode, params?: MessageParams) => never

/** Control characters, unpaired surrogates and U+FFFD: nobody types them, they come from damaged text. */
const unreadable = /[\p{Cc}\p{Cs}\uFFFD]/u

/**
 * Makes a schema of one form field whose issues have a message code. An empty value, and one that is not a string (a
 * doubled or nested field), is `missing`; any other is trimmed, freed of invisible marks, and passed to `read`, which
 * folds and checks it. A field has at most one issue, and does not keep a `crossFieldRule` from running.
 */
export const field = <T>(missing: MessageCode, read: (typed: string, reject: Reject) => T) =>
  fieldAsTyped(missing, read, (typed) => withoutInvisibleMarks(typed).trim())

/** Makes a schema of a field from which nothing is removed, for passwords. */
export const fieldAsTyped = <T>(
  missing: MessageCode,
  read: (typed: string, reject: Reject) => T,
  fold = (typed: string) => typed,
) =>
  z.string({ error: missing }).transform((whole, context): T => {
    const reject: Reject = (code, params) => {
      context.addIssue(issue(code, params))
      return z.NEVER
    }
    const typed = fold(whole)
    if (typed.trim() === '') return reject(missing)
    return unreadable.test(typed) ? reject('text.unreadable') : read(typed, reject)
  })

/** An issue whose message is a code. */
export const issue = (code: MessageCode, params?: MessageParams) => ({
  code: 'custom' as const,
  message: code,
  ...(params && { params: { ...params } }),
})

/** Makes a schema of a select, radio or checkbox: any other value is `missing`. */
export const choice = <const T extends string>(values: readonly T[], missing: MessageCode) =>
  z.enum(values, { error: missing })

/**
 * Makes a rule about several fields of a form, for `.check(…)`. The rule runs if these fields are valid, even if others
 * are not, so that the page shows all problems at once. `reject` names the field that its message is shown beside.
 */
export const crossFieldRule = <Form extends object>(
  fields: readonly (keyof Form & string)[],
  rule: (
    form: Form,
    reject: (field: keyof Form & string, code: MessageCode, params?: MessageParams) => void,
  ) => void,
) =>
  z.superRefine<Form>(
    (form, context) =>
      rule(form, (name, code, params) =>
        context.addIssue({ ...issue(code, params), path: [name] }),
      ),
    {
      when: ({ issues }) =>
        issues.every(({ path }) => path?.length && !fields.some((name) => name === path[0])),
    },
  )

/** The length in code points, as people count it, not in UTF-16 units. */
export const codePoints = (text: string): number => [...text].length
