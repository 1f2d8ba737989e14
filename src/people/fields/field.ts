import * as z from 'zod'
import type { MessageCode } from '../../../config/messages.ts'
import type { MessageParams } from '../refusal.ts'
import { withoutInvisibleMarks } from './typed-text.ts'

/** Refuses a value with the code of the sentence that tells the person what to do. */
export type Reject = (code: MessageCode, params?: MessageParams) => never

/** Controls, unpaired surrogates and U+FFFD: nobody types them, they are what a broken copy leaves behind. */
const unreadable = /[\p{Cc}\p{Cs}\uFFFD]/u

/**
 * One field of a form as a schema whose issues carry a message code. Nothing typed, and anything that isn't a string
 * (a doubled or nested field), is `missing`; `read` folds and judges the rest, which comes without invisible marks and
 * spaces at its ends. Exactly one issue a field, and rules about several fields (`together`) still run beside it.
 */
export const field = <T>(missing: MessageCode, read: (typed: string, reject: Reject) => T) =>
  fieldAsTyped(missing, read, (typed) => withoutInvisibleMarks(typed).trim())

/** A field whose every character counts, for passwords: nothing is removed. */
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

const issue = (code: MessageCode, params?: MessageParams) => ({
  code: 'custom' as const,
  message: code,
  ...(params && { params: { ...params } }),
})

/** A select, radio or checkbox: one of these values, anything else is `missing`. */
export const choice = <const T extends string>(values: readonly T[], missing: MessageCode) =>
  z.enum(values, { error: missing })

/**
 * A rule about several fields of a form, for `.check(…)`. It looks as soon as these fields have passed, whatever the
 * others say, so that every problem is told at once; `reject` names the field that its sentence stands beside.
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

/** Length as people count it: code points, not UTF-16 units. */
export const codePoints = (text: string): number => [...text].length
