import { dayInChina } from '../../people/fields/birthdate.ts'
import { bearerInNumber } from '../../people/fields/id-document.ts'
import { maskedName } from '../../people/fields/person-name.ts'
import type { UnprovedAccount } from '../../people/unproved-account.ts'
import type { FlowDefinition, Visit } from '../../web/flow/flow-definition.ts'
import type { FlowPorts } from '../../web/flow/flow-ports.ts'
import { maskedDocument } from '../../web/steps/document-options.ts'
import {
  type Applicant,
  type RealName,
  type RealNamePorts,
  realNameStep,
} from './real-name-step.ts'

type RealNameAnswers = { readonly bank: RealName }

const maskedIdentity = (
  { visitor: { locale } }: Visit<RealNameAnswers>,
  { name, document, username }: UnprovedAccount,
) =>
  document.type === 'uscc'
    ? {}
    : { present: { username, name: maskedName(name), document: maskedDocument(document, locale) } }

function applicantOf(
  { now }: Visit<RealNameAnswers>,
  { name, document }: UnprovedAccount,
): Applicant | undefined {
  if (document.type === 'uscc') return undefined
  return {
    claimant: { name, document },
    newAccount: (confirmed, form) => ({
      ...confirmed,
      kind: 'individual',
      ...(form.gender && { gender: form.gender }),
      ...(form.birthdate && { birthdate: form.birthdate }),
      ...bearerInNumber(document, dayInChina(now)),
    }),
  }
}

/** 实名认证 of a person, at the first sign-in with an imported password (specification of operations, section 13). */
export const realNameFlow: FlowDefinition<RealNameAnswers, FlowPorts & RealNamePorts> = {
  path: 'real-name',
  earnedAt: 'step-up',
  title: 'realName.title',
  atHand: ['panel.card', 'panel.cardPhone'],
  signsIn: true,
  steps: { bank: realNameStep([], maskedIdentity, applicantOf) },
  done: { title: 'realName.title', goesOn: true },
}
