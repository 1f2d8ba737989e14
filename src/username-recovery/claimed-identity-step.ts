import * as z from 'zod'
import type { Account } from '../people/account.ts'
import {
  anyDocumentFields,
  anyDocumentOf,
  anyDocumentRules,
} from '../people/fields/any-document.ts'
import { dayInChina } from '../people/fields/birthdate.ts'
import { choice, crossFieldRule } from '../people/fields/field.ts'
import { documentCounterKey, documentKey } from '../people/fields/id-document.ts'
import { nameKey, personName, sameName } from '../people/fields/person-name.ts'
import { unitNameField } from '../people/fields/unit.ts'
import type { Accounts } from '../ports/accounts.ts'
import { action, type Step, type Typed } from '../web/flow/flow-definition.ts'
import { anyDocumentPage } from '../web/steps/document-options.ts'
import type { ClaimedIdentity, UsernameRecovery } from './username-recovery-answers.ts'

/** 验证身份. The step always passes, so that it does not disclose whether an account exists. */
export const claimedIdentityStep: Step<UsernameRecovery, unknown, ClaimedIdentity> = {
  title: 'usernameRecovery.identity.title',
  keeps: ['name', 'userType', 'idType', 'idCountry', 'idNumber'],
  names: ['name'],
  captcha: true,
  page: anyDocumentPage,
  actions: {
    next: action(
      ({ now }, _, typed) => identityForm(dayInChina(now), typed),
      async (typed) => ({ passed: { name: typed.name, document: anyDocumentOf(typed) } }),
    ),
  },
}

const unitName = unitNameField('name.missing')

const identityForm = (today: string, typed: Typed) =>
  z
    .object({
      name: typed['userType'] === 'organisation' ? unitName : personName,
      userType: choice(['individual', 'organisation'], 'userType.missing'),
      ...anyDocumentFields,
    })
    .check(
      crossFieldRule<{ userType: string; idType: string }>(
        ['userType', 'idType'],
        ({ userType, idType }, reject) => {
          if (userType === 'organisation' && idType !== 'uscc')
            reject('idType', 'idType.ofOrganisation')
          if (userType === 'individual' && idType === 'uscc')
            reject('idType', 'idType.ofIndividual')
        },
      ),
      // The rule of the type comes first: a number is not checked against a type that does not fit the user.
      ...anyDocumentRules(today),
    )

/** Finds the account by document, then compares the name. The number of look-ups is the same for every outcome. */
export async function accountOfIdentity(
  { name, document }: ClaimedIdentity,
  accounts: Accounts,
): Promise<Account | undefined> {
  const account = await accounts.findByDocument(document)
  if (!account) return undefined
  const registered = account.kind === 'organisation' ? account.unit.name : account.name
  return sameName(name, registered) ? account : undefined
}

/** The key of an identity, in normalized spelling. */
export const identityKey = ({ name, document }: ClaimedIdentity) =>
  `${documentKey(document)} ${nameKey(name)}`

/** The key of an identity's counters: each account has exactly one, whatever country is typed. */
export const identityCounterKey = ({ name, document }: ClaimedIdentity) =>
  `${documentCounterKey(document)} ${nameKey(name)}`
