import * as z from 'zod'
import { smsNotice } from '../notices/sms-notice.ts'
import { personalWords } from '../people/account.ts'
import { crossFieldRule } from '../people/fields/field.ts'
import {
  newPassword,
  type PasswordRules,
  passwordAgain,
  passwordsAgree,
  presentPassword,
} from '../people/fields/password.ts'
import { signedInOf } from '../people/signed-in-account.ts'
import { requesterOf } from '../ports/passwords.ts'
import { action, type FlowDefinition } from '../web/flow/flow-definition.ts'
import type { FlowPorts } from '../web/flow/flow-ports.ts'
import type { ChangeResult } from '../web/steps/change-account.ts'
import { type ChangeByPasswordPorts, changeByPassword } from './change-by-password.ts'

export type PasswordChangePorts = FlowPorts &
  ChangeByPasswordPorts & { readonly passwordRules: PasswordRules }

/** 密码管理 (guide, section 二, part 二, 3). */
export const passwordChangeFlow: FlowDefinition<
  { readonly password: ChangeResult },
  PasswordChangePorts
> = {
  path: 'account/password',
  title: 'account.title',
  steps: {
    password: {
      title: 'account.password.title',
      keeps: [],
      actions: {
        next: action(
          (visit, { passwordRules }) =>
            z
              .object({
                presentPassword,
                password: newPassword(passwordRules, personalWords(signedInOf(visit).account)),
                passwordAgain,
              })
              .check(passwordsAgree, passwordDiffers),
          (typed, visit, ports) => {
            const newPasswordHash = async () => {
              const { id, phone } = signedInOf(visit).account
              const passwordHash = await ports.passwords.hash(
                typed.password,
                requesterOf(visit.visitor),
              )
              const notices = [smsNotice('password-reset', phone, visit.visitor.locale, id)]
              return { change: { passwordHash }, notices }
            }
            return changeByPassword('password-changed', typed, visit, newPasswordHash, ports)
          },
        ),
      },
    },
  },
  done: { title: 'account.password.done.title' },
}

const passwordDiffers = crossFieldRule<{ presentPassword: string; password: string }>(
  ['presentPassword', 'password'],
  ({ presentPassword: present, password: wanted }, reject) => {
    if (present === wanted) reject('password', 'account.password.same')
  },
)
