import * as z from 'zod'
import type { Banks } from '../../config/banks.ts'
import { type Agreement, type AgreementVersions, agreement } from '../people/agreement.ts'
import {
  newPassword,
  type PasswordRules,
  passwordAgain,
  passwordHidesUsername,
  passwordsAgree,
} from '../people/fields/password.ts'
import { username } from '../people/fields/username.ts'
import { refuse } from '../people/refusal.ts'
import type { Accounts } from '../ports/accounts.ts'
import { type Passwords, requesterOf } from '../ports/passwords.ts'
import { type ExistencePorts, refuseIfExists } from '../proofs/existence-disclosure.ts'
import { action, type Step, type Typed } from '../web/flow/flow-definition.ts'
import { bankNames } from '../web/page/bank-names.ts'

export type LoginDetails = {
  readonly username: string
  readonly passwordHash: string
  readonly agreement: Agreement
}

export type RegistrationLoginPorts = ExistencePorts & {
  readonly accounts: Accounts
  readonly banks: Banks
  readonly agreementVersions: AgreementVersions
  readonly passwords: Passwords
  readonly passwordRules: PasswordRules
}

type LoginForm = { username: string; password?: string }

/** 填写登录信息, for individuals and units. */
export const registrationLoginStep: Step<
  { readonly login: LoginDetails },
  RegistrationLoginPorts,
  LoginDetails
> = {
  title: 'registration.login.title',
  keeps: ['username', 'agreement'],
  captcha: true,
  page: ({ visitor }, { banks }) => ({
    banks: bankNames(banks, visitor.locale).map(({ text }) => text),
  }),
  actions: {
    next: action(
      ({ answers: { login } }, { passwordRules }, typed): z.ZodType<LoginForm> =>
        login && keepsPassword(typed, login)
          ? z.object({ username, agreement })
          : newLoginForm(passwordRules),
      async (form, { answers, existenceHits, visitor, now }, ports) => {
        const taken = await refuseIfExists(
          () => ports.accounts.usernameTaken(form.username),
          refuse('username', 'username.taken'),
          existenceHits,
          visitor,
          ports,
        )
        if (taken) return taken
        const passwordHash =
          form.password === undefined
            ? answers.login?.passwordHash
            : await ports.passwords.hash(form.password, requesterOf(visitor))
        if (!passwordHash) return { refused: refuse('password', 'password.missing') }
        const agreed = { ...ports.agreementVersions, at: now }
        return { passed: { username: form.username, passwordHash, agreement: agreed } }
      },
    ),
  },
}

const newLoginForm = (rules: PasswordRules) =>
  z
    .object({ username, password: newPassword(rules), passwordAgain, agreement })
    .check(passwordsAgree, passwordHidesUsername)

/** A person who returns to this step and keeps the username may leave the password fields empty. */
const keepsPassword = (typed: Typed, login: LoginDetails) =>
  typed['username'] === login.username && !typed['password'] && !typed['passwordAgain']
