import * as z from 'zod'
import { username } from '../people/fields/username.ts'
import { action, type Step } from '../web/flow/definition.ts'
import type { Named, PasswordRecovery } from './password-recovery-answers.ts'

/** 输入用户名: always goes on, and looks nothing up. */
export const usernameStep: Step<PasswordRecovery, unknown, Named> = {
  title: 'passwordRecovery.username.title',
  keeps: ['username'],
  captcha: true,
  actions: {
    next: action(
      () => z.object({ username }),
      async (passed) => ({ passed }),
    ),
  },
}
