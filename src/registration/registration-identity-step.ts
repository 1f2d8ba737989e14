import * as z from 'zod'
import { birthdate, dayInChina } from '../people/fields/birthdate.ts'
import {
  bearerRules,
  documentFields,
  documentOf,
  documentRule,
  gender,
} from '../people/fields/id-document.ts'
import { personName } from '../people/fields/person-name.ts'
import { refuse } from '../people/refusal.ts'
import type { Accounts } from '../ports/accounts.ts'
import { type ExistencePorts, refuseIfExists } from '../proofs/existence-disclosure.ts'
import { action, type Step } from '../web/flow/flow-definition.ts'
import { documentPage } from '../web/steps/document-options.ts'
import type { Person, Registration } from './registration-answers.ts'

export type RegistrationIdentityPorts = ExistencePorts & { readonly accounts: Accounts }

/** 填写身份信息. */
export const registrationIdentityStep: Step<Registration, RegistrationIdentityPorts, Person> = {
  title: 'registration.identity.title',
  keeps: ['name', 'idType', 'idNumber', 'gender', 'birthdate'],
  names: ['name'],
  page: documentPage,
  actions: {
    next: action(
      ({ now }) => identityForm(dayInChina(now)),
      async (typed, { existenceHits, visitor }, ports) => {
        const document = documentOf(typed)
        const taken = await refuseIfExists(
          () => ports.accounts.documentTaken(document),
          refuse('idNumber', 'idNumber.taken'),
          existenceHits,
          visitor,
          ports,
        )
        if (taken) return taken
        const { name, gender, birthdate } = typed
        return { passed: { name, document, gender, birthdate } }
      },
    ),
  },
}

const identityForm = (today: string) =>
  z
    .object({ name: personName, ...documentFields, gender, birthdate: birthdate(today) })
    .check(documentRule(today), ...bearerRules(today))
