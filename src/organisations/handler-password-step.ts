import * as z from 'zod'
import {
  newPassword,
  type PasswordRules,
  passwordAgain,
  passwordsAgree,
} from '../people/fields/password.ts'
import { type Passwords, requesterOf } from '../ports/passwords.ts'
import { action, type Step, type Typed } from '../web/flow/flow-definition.ts'

export type NewPasswordHash = { readonly passwordHash: string }

export type HandlerPasswordPorts = {
  readonly passwords: Passwords
  readonly passwordRules: PasswordRules
}

/**
 * 设置新密码, because the previous handler knows the old one. The password must not be built from the `personal` words.
 * A person who returns to this step and leaves the fields empty keeps the password.
 */
export const handlerPasswordStep = <A extends { readonly password: NewPasswordHash }>(
  personal: (answers: Partial<A>) => readonly (string | undefined)[],
): Step<A, HandlerPasswordPorts, NewPasswordHash> => ({
  title: 'organisation.password.title',
  keeps: [],
  actions: {
    next: action(
      ({ answers }, { passwordRules }, typed): z.ZodType<{ password?: string }> => {
        if (answers.password && keepsPassword(typed)) return z.object({})
        const words = personal(answers).filter((word) => word !== undefined)
        return z
          .object({ password: newPassword(passwordRules, words), passwordAgain })
          .check(passwordsAgree)
      },
      async ({ password }, { answers, visitor }, { passwords }) => {
        if (password !== undefined)
          return { passed: { passwordHash: await passwords.hash(password, requesterOf(visitor)) } }
        if (!answers.password) throw new Error('no password was typed, and none is kept')
        return { passed: answers.password }
      },
    ),
  },
})

const keepsPassword = (typed: Typed) => !typed['password'] && !typed['passwordAgain']
