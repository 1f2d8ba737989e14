import * as z from 'zod'
import { username } from '../people/fields/username.ts'
import { action, type Step } from '../web/flow/flow-definition.ts'
import type { PasswordRecovery, TypedUsername } from './password-recovery-answers.ts'

/** 输入用户名. The step always passes and looks nothing up, so that it discloses nothing. */
export const usernameStep: Step<PasswordRecovery, unknown, TypedUsername> = {
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
