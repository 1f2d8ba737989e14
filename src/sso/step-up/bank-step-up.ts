import * as z from 'zod'
import { countryField, lackingCountryRule } from '../../people/fields/id-document.ts'
import { maskedName } from '../../people/fields/person-name.ts'
import { maskedPhone, phoneRules } from '../../people/fields/phone.ts'
import { signedInOf } from '../../people/signed-in-account.ts'
import {
  type CardForm,
  cardFields,
  type FourElementsPorts,
} from '../../proofs/verify-four-elements.ts'
import {
  action,
  type FlowDefinition,
  type Outcome,
  type Visit,
} from '../../web/flow/flow-definition.ts'
import type { FlowPorts } from '../../web/flow/flow-ports.ts'
import {
  cardKeeps,
  cardPage,
  orPresentPhone,
  sendCode,
  smsCodeBindingOf,
} from '../../web/steps/card-step.ts'
import { type AccountChangePorts, changeAccount } from '../../web/steps/change-account.ts'
import { lackedCountryPage, maskedDocument } from '../../web/steps/document-options.ts'
import { freshProof } from '../../web/steps/fresh-proof.ts'
import type { ClaimantPorts } from '../../web/steps/verify-claimant.ts'

type BankProof = { readonly bank: 'bank' }

export type BankStepUpPorts = FlowPorts & ClaimantPorts & AccountChangePorts

const purpose = 'step-up'
const presentPhone = (visit: Visit<BankProof>) => signedInOf(visit).account.phone

/**
 * 验证身份 by a bank: a confirmation is a proof like any other, so that bank, account, phone and time of proof change
 * together (specification, section 3).
 */
export const bankStepUp: FlowDefinition<BankProof, BankStepUpPorts> = {
  path: 'step-up/bank',
  earnedAt: 'step-up',
  title: 'stepUp.title',
  atHand: ['panel.card', 'panel.cardPhone'],
  signsIn: true,
  steps: {
    bank: {
      title: 'stepUp.title',
      keeps: ['idCountry', ...cardKeeps],
      page: (visit, ports) => ({
        ...cardPage(visit, ports),
        ...lackedCountryPage(visit),
        present: maskedIdentity(visit),
      }),
      actions: {
        send: sendCode(purpose, presentPhone),
        next: action(formOrPresentPhone, prove),
      },
    },
  },
  done: { title: 'stepUp.title', goesOn: true },
}

function formOrPresentPhone(visit: Visit<BankProof>, ports: FourElementsPorts) {
  return orPresentPhone(presentPhone(visit), proofForm(visit, ports))
}

const proofForm = (visit: Visit<BankProof>, ports: FourElementsPorts) =>
  z
    .object({ idCountry: countryField, ...cardFields(ports) })
    .check(
      ...phoneRules(ports.phoneRegions),
      lackingCountryRule(signedInOf(visit).account.document),
    )

/** The masked data that the bank is asked about. */
function maskedIdentity(visit: Visit<BankProof>) {
  const { name, document, phone } = signedInOf(visit).account
  return {
    name: maskedName(name),
    document: maskedDocument(document, visit.visitor.locale),
    phone: maskedPhone(phone),
  }
}

async function prove(
  form: CardForm & { readonly idCountry?: string | undefined },
  visit: Visit<BankProof>,
  ports: BankStepUpPorts,
): Promise<Outcome<BankProof, 'bank'>> {
  const { name } = signedInOf(visit).account
  const decide = () => freshProof({ ...form, name }, purpose, visit, ports)
  const changed = await changeAccount(visit, 'details-changed', decide, ports)
  if ('code' in changed) return { refused: changed }
  await ports.smsCodes.use(smsCodeBindingOf(visit, purpose, form.phone))
  return { passed: 'bank' }
}
