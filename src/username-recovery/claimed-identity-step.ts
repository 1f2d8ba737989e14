import * as z from 'zod'
import type { Account } from '../people/account.ts'
import { anyDocumentFields, anyDocumentOf, anyDocumentRule } from '../people/fields/any-document.ts'
import { dayInChina } from '../people/fields/birthdate.ts'
import { choice, together } from '../people/fields/field.ts'
import { documentKey } from '../people/fields/id-document.ts'
import { nameKey, personName, sameName } from '../people/fields/person-name.ts'
import { unitNamed } from '../people/fields/unit.ts'
import type { Accounts } from '../ports/accounts.ts'
import { action, type Step, type Typed } from '../web/flow/definition.ts'
import { anyDocumentPage } from '../web/steps/document-page.ts'
import type { Identity, UsernameRecovery } from './username-recovery-answers.ts'

/** 验证身份 always goes on, whether anybody is registered so or not. */
export const identityStep: Step<UsernameRecovery, unknown, Identity> = {
  title: 'usernameRecovery.identity.title',
  keeps: ['name', 'userType', 'idType', 'idNumber'],
  names: ['name'],
  captcha: true,
  page: anyDocumentPage,
  actions: {
    next: action(
      ({ now }, _, typed) => form(dayInChina(now), typed),
      async (typed) => ({ passed: { name: typed.name, document: anyDocumentOf(typed) } }),
    ),
  },
}

const unitName = unitNamed('name.missing')

const form = (today: string, typed: Typed) =>
  z
    .object({
      name: typed['userType'] === 'organisation' ? unitName : personName,
      userType: choice(['individual', 'organisation'], 'userType.missing'),
      ...anyDocumentFields,
    })
    .check(
      together<{ userType: string; idType: string }>(
        ['userType', 'idType'],
        ({ userType, idType }, no) => {
          if (userType === 'organisation' && idType !== 'uscc')
            no('idType', 'idType.ofOrganisation')
          if (userType === 'individual' && idType === 'uscc') no('idType', 'idType.ofIndividual')
        },
      ),
      // After it: a number isn't held against a type that can't be meant.
      anyDocumentRule(today),
    )

/** One look-up, whatever it finds. */
export async function accountOf(
  { name, document }: Identity,
  accounts: Accounts,
): Promise<Account | undefined> {
  const account = await accounts.findByDocument(document)
  if (!account) return undefined
  const registered = account.kind === 'organisation' ? account.unit.name : account.name
  return sameName(name, registered) ? account : undefined
}

/** Under which an identity is counted: the same however it is written, so one account is one of these. */
export const identityKey = ({ name, document }: Identity) =>
  `${documentKey(document)} ${nameKey(name)}`
