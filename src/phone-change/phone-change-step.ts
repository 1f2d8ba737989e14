import * as z from 'zod'
import { idTypes } from '../../config/id-types.ts'
import { giveNewPhone } from '../notices/change-phone.ts'
import { versionSince } from '../notices/sign-out-task.ts'
import { dayInChina } from '../people/fields/birthdate.ts'
import {
  documentFields,
  documentKey,
  documentOf,
  documentRule,
  type IdDocument,
} from '../people/fields/id-document.ts'
import { personName } from '../people/fields/person-name.ts'
import { phoneRules } from '../people/fields/phone.ts'
import { type Refusal, refuse } from '../people/refusal.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { SmsCodePurpose } from '../ports/sms-codes.ts'
import type { SignIns } from '../ports/sso/sign-ins.ts'
import { mismatch } from '../proofs/bank-card.ts'
import {
  type CardForm,
  cardFields,
  type FourElementsPorts,
  proveFourElements,
} from '../proofs/four-elements.ts'
import { withCodeStillGood } from '../proofs/sms-code.ts'
import { action, type Outcome, type Step, type Visit } from '../web/flow/definition.ts'
import { cardKeeps, cardPage, codeFor, sendCode } from '../web/steps/card-step.ts'
import { documentPage } from '../web/steps/document-page.ts'
import type { PhoneChange } from './phone-change-answers.ts'
import { accountOf, givenOf } from './recovery-hand-over.ts'

export type DetailsPorts = FourElementsPorts & {
  readonly accounts: Accounts
  readonly signIns: SignIns
}

type DetailsForm = CardForm & { name: string; idType: IdDocument['type']; idNumber: string }

const purpose = 'phone-change'

/** 填写信息: who can prove to a bank who they are gets their account a phone that works. */
export const detailsStep: Step<PhoneChange, DetailsPorts, 'changed'> = {
  title: 'phoneChange.details.title',
  keeps: ['name', 'idType', 'idNumber', ...cardKeeps],
  names: ['name'],
  tellsFirst: true,
  page: (visit, ports) => ({
    ...documentPage(visit),
    ...cardPage(visit, ports),
    why: givenOf(visit.given).why,
  }),
  actions: {
    send: sendCode(purpose),
    next: action(({ now }, ports) => form(dayInChina(now), ports), prove),
  },
}

const form = (today: string, ports: DetailsPorts) =>
  z
    .object({ name: personName, ...documentFields, ...cardFields(ports) })
    .check(documentRule(today), ...phoneRules(ports.phoneRegions))

/** The bank is asked in every case, the comparison comes after, and there is one refusal for all (section 3). */
async function prove(
  typed: DetailsForm,
  visit: Visit<PhoneChange>,
  ports: DetailsPorts,
): Promise<Outcome<PhoneChange, 'changed'>> {
  const { smsCodes, signIns, audit } = ports
  const { subject, visitor } = visit
  const document = documentOf(typed)
  const find = () => accountOf(givenOf(visit.given), document, ports.accounts)
  const before = await find()
  const code = codeFor(visit, purpose, typed.phone)
  let changed = before
  // A crash came between the change and the last page: nothing is asked, changed or told twice.
  if (before?.changedBy !== subject) {
    const claimant = { name: typed.name, document }
    const proof = await proveFourElements(typed, claimant, code, visitor, visit.now, ports)
    if ('code' in proof) return { refused: proof }
    const act = { by: subject, locale: visitor.locale, now: visit.now }
    const outcome = await giveNewPhone(proof, find, act, ports.accounts)
    if (outcome === 'no_account') return { refused: await notTheirs(typed, document, code, ports) }
    if (outcome === 'stale') return { refused: refuse('form', 'phoneChange.stale') }
    changed = outcome
  }
  if (!changed) throw new Error('an account that is not there was changed')
  await signIns.endAll(changed.id, { since: versionSince(changed, subject) })
  await smsCodes.use(code)
  const { address } = visitor
  await audit.record({ what: 'phone-changed', accountId: changed.id, address })
  return { passed: 'changed' }
}

/** Like the bank's own refusal in every word. */
async function notTheirs(
  { name, bank, account, phone }: DetailsForm,
  document: IdDocument,
  code: SmsCodePurpose,
  ports: DetailsPorts,
): Promise<Refusal> {
  const { type, number } = document
  const claim = { name, idType: idTypes[type], idNumber: number, bank, account, phone }
  const refusal = await mismatch(claim, documentKey(document), 'no_account', ports)
  return withCodeStillGood(refusal, code, ports)
}
