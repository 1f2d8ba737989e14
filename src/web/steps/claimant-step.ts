import * as z from 'zod'
import type { MessageCode } from '../../../config/messages.ts'
import { dayInChina } from '../../people/fields/birthdate.ts'
import { documentFields, documentOf, documentRules } from '../../people/fields/id-document.ts'
import { personName } from '../../people/fields/person-name.ts'
import type { Refusal } from '../../people/refusal.ts'
import type { Claimant } from '../../proofs/verify-four-elements.ts'
import { action, type Step, type Visit } from '../flow/flow-definition.ts'
import { documentPage } from './document-options.ts'

/** The step with 姓名, 证件类型, 证件号 of the person that a later step verifies by bank card. `refused` may refuse them. */
export const claimantStep = <A, Ports>(
  title: MessageCode,
  refused: (
    who: Claimant,
    visit: Visit<A>,
    ports: Ports,
  ) => Promise<Refusal | undefined> = noRefusal,
): Step<A, Ports, Claimant> => ({
  title,
  keeps: ['name', 'idType', 'idCountry', 'idNumber'],
  names: ['name'],
  page: documentPage,
  actions: {
    next: action(
      ({ now }) => form(dayInChina(now)),
      async ({ name, ...typed }, visit, ports) => {
        const who = { name, document: documentOf(typed) }
        const refusal = await refused(who, visit, ports)
        return refusal ? { refused: refusal } : { passed: who }
      },
    ),
  },
})

const form = (today: string) =>
  z.object({ name: personName, ...documentFields }).check(...documentRules(today))

const noRefusal = async () => undefined
