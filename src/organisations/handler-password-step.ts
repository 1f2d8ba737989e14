import * as z from 'zod'
import {
  newPassword,
  type PasswordRules,
  passwordAgain,
  passwordsAgree,
} from '../people/fields/password.ts'
import type { Passwords } from '../ports/passwords.ts'
import { action, type Step, type Typed } from '../web/flow/definition.ts'

export type NewPassword = { readonly passwordHash: string }

export type PasswordPorts = {
  readonly passwords: Passwords
  readonly passwordRules: PasswordRules
}

/**
 * 设置新密码: the one before was known to the handler who goes. `personal` words are what it must not be built from.
 * Who comes back to this step and types nothing keeps what was set.
 */
export const passwordStep = <A extends { readonly password: NewPassword }>(
  personal: (answers: Partial<A>) => readonly (string | undefined)[],
): Step<A, PasswordPorts, NewPassword> => ({
  title: 'organisation.password.title',
  keeps: [],
  actions: {
    next: action(
      ({ answers }, { passwordRules }, typed): z.ZodType<{ password?: string }> => {
        if (answers.password && keeps(typed)) return z.object({})
        const words = personal(answers).filter((word) => word !== undefined)
        return z
          .object({ password: newPassword(passwordRules, words), passwordAgain })
          .check(passwordsAgree)
      },
      async ({ password }, { answers }, { passwords }) => {
        if (password !== undefined)
          return { passed: { passwordHash: await passwords.hash(password) } }
        if (!answers.password) throw new Error('no password was typed, and none before')
        return { passed: answers.password }
      },
    ),
  },
})

const keeps = (typed: Typed) => !typed['password'] && !typed['passwordAgain']
