import * as z from 'zod'
import { birthdate, dayInChina } from '../people/fields/birthdate.ts'
import {
  bearerRules,
  documentFields,
  documentOf,
  documentRules,
  gender,
} from '../people/fields/id-document.ts'
import { personName } from '../people/fields/person-name.ts'
import { action, type Step } from '../web/flow/flow-definition.ts'
import { documentPage } from '../web/steps/document-options.ts'
import { refuseTakenDocument, type TakenDocumentPorts } from './refuse-taken-document.ts'
import type { Person, Registration } from './registration-answers.ts'

/** 填写身份信息. */
export const registrationIdentityStep: Step<Registration, TakenDocumentPorts, Person> = {
  title: 'registration.identity.title',
  keeps: ['name', 'idType', 'idCountry', 'idNumber', 'gender', 'birthdate'],
  names: ['name'],
  page: documentPage,
  actions: {
    next: action(
      ({ now }) => identityForm(dayInChina(now)),
      async (typed, visit, ports) => {
        const document = documentOf(typed)
        const taken = await refuseTakenDocument(document, visit, ports)
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
    .check(...documentRules(today), ...bearerRules(today))
