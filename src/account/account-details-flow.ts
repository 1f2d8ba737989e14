import * as z from 'zod'
import { maskedAccount } from '../people/fields/bank-card.ts'
import { countryField, lackingCountryRule } from '../people/fields/id-document.ts'
import { personName } from '../people/fields/person-name.ts'
import { maskedPhone, phoneRules } from '../people/fields/phone.ts'
import { signedInOf } from '../people/signed-in-account.ts'
import {
  action,
  type FlowDefinition,
  type Outcome,
  type Typed,
  type Visit,
} from '../web/flow/flow-definition.ts'
import type { FlowPorts } from '../web/flow/flow-ports.ts'
import {
  cardPage,
  orPresentPhone,
  proofKeeps,
  proofLinks,
  sendCode,
  smsCodeBindingOf,
} from '../web/steps/card-step.ts'
import {
  type AccountChangePorts,
  type ChangeResult,
  changeAccount,
} from '../web/steps/change-account.ts'
import { lackedCountryPage, maskedDocument } from '../web/steps/document-options.ts'
import { freshProof } from '../web/steps/fresh-proof.ts'
import {
  type ClaimantPorts,
  type ProofForm,
  proofFields,
  recordCounterProof,
} from '../web/steps/verify-claimant.ts'
import { type OverviewPorts, overviewOf, unitSummaryOf } from './account-overview.ts'
import {
  asksOldPhone,
  checkOldPhone,
  oldPhoneFields,
  oldPhoneRule,
  sendToOldPhone,
  useOldPhoneCode,
} from './old-phone-code.ts'

/** The data of the last page, `card` and `phone` masked. */
type DetailsSaved = ChangeResult & {
  readonly name: string
  /** Absent after 人工核验. */
  readonly card?: string
  readonly phone: string
}
type AccountDetails = { readonly details: DetailsSaved }
type AccountDetailsForm = ProofForm & {
  readonly name: string
  readonly idCountry?: string | undefined
  readonly oldPhoneCode?: string | undefined
}

export type AccountDetailsPorts = FlowPorts & ClaimantPorts & AccountChangePorts & OverviewPorts

const purpose = 'account'
const presentPhone = (visit: Visit<AccountDetails>) => signedInOf(visit).account.phone

/** 用户信息 (guide, section 二, part 二, 3; question 九): name, bank, account and phone change in one write. */
export const accountDetailsFlow: FlowDefinition<AccountDetails, AccountDetailsPorts> = {
  path: 'account/details',
  title: 'account.title',
  atHand: ['panel.card', 'panel.cardPhone'],
  steps: {
    details: {
      title: 'account.details.title',
      keeps: ['name', 'idCountry', ...proofKeeps],
      links: proofLinks,
      names: ['name'],
      registeredName: (visit) => signedInOf(visit).account.name,
      showsUnification: true,
      page: async (visit, ports) => ({
        ...cardPage(visit, ports),
        ...lackedCountryPage(visit),
        present: presentDetailsOf(visit),
        asksOldPhone: (typed: Typed) => asksOldPhone(typed, signedInOf(visit).account),
        overview: await overviewOf(visit, ports),
      }),
      actions: {
        send: sendCode(purpose, presentPhone),
        sendToOldPhone: sendToOldPhone(),
        next: action(
          (visit, ports, typed) =>
            orPresentPhone(presentPhone(visit), detailsForm(visit, ports, typed)),
          saveDetails,
        ),
      },
    },
  },
  done: { title: 'account.details.done.title', page: (saved) => saved },
}

function detailsForm(visit: Visit<AccountDetails>, ports: ClaimantPorts, typed: Typed) {
  const { account } = signedInOf(visit)
  return z
    .object({
      name: personName,
      idCountry: countryField,
      ...proofFields(ports, typed),
      ...oldPhoneFields,
    })
    .check(
      ...phoneRules(ports.phoneRegions),
      oldPhoneRule(account),
      lackingCountryRule(account.document),
    )
}

/** The account as the page shows it before the change. */
function presentDetailsOf(visit: Visit<AccountDetails>) {
  const { account } = signedInOf(visit)
  const { name, document, phone, card } = account
  return {
    name,
    bank: card?.bank,
    card: card?.masked,
    phone: maskedPhone(phone),
    document: maskedDocument(document, visit.visitor.locale),
    unit: unitSummaryOf(account),
  }
}

async function saveDetails(
  form: AccountDetailsForm,
  visit: Visit<AccountDetails>,
  ports: AccountDetailsPorts,
): Promise<Outcome<AccountDetails, DetailsSaved>> {
  const { name, phone } = form
  const changed = await changeAccount(
    visit,
    'details-changed',
    async () =>
      (await checkOldPhone(form, visit, ports)) ?? freshProof(form, purpose, visit, ports),
    ports,
  )
  if ('code' in changed) return { refused: changed }
  await useOldPhoneCode(visit, ports)
  await ports.smsCodes.use(smsCodeBindingOf(visit, purpose, phone))
  await recordCounterProof(signedInOf(visit).account.id, 'counterCode' in form, visit, ports)
  const card = 'account' in form ? { card: maskedAccount(form.account) } : {}
  const shown = { name, ...card, phone: maskedPhone(phone) }
  return { passed: { ...changed, ...shown } }
}
