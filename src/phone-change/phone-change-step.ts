import * as z from 'zod'
import { changePhoneOfAccount } from '../notices/change-phone.ts'
import { versionAfterChange } from '../notices/sign-out-task.ts'
import { dayInChina } from '../people/fields/birthdate.ts'
import {
  documentAtBank,
  documentCounterKey,
  documentFields,
  documentOf,
  documentRules,
  type IdDocument,
} from '../people/fields/id-document.ts'
import { personName } from '../people/fields/person-name.ts'
import { phoneRules } from '../people/fields/phone.ts'
import { frozenRefusal } from '../people/frozen-account.ts'
import { type Refusal, refuse } from '../people/refusal.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { SmsCodeBinding } from '../ports/sms-codes.ts'
import type { AccountSessions } from '../ports/sso/account-sessions.ts'
import { withCodeValidity } from '../proofs/sms-code.ts'
import { mismatchRefusal } from '../proofs/verify-bank-card.ts'
import { invalidCounterCode } from '../proofs/verify-counter-code.ts'
import {
  action,
  type Outcome,
  type Step,
  type Typed,
  type Visit,
} from '../web/flow/flow-definition.ts'
import {
  cardPage,
  proofKeeps,
  proofLinks,
  sendCode,
  smsCodeBindingOf,
} from '../web/steps/card-step.ts'
import { documentPage } from '../web/steps/document-options.ts'
import {
  type ClaimantPorts,
  type ProofForm,
  proofFields,
  recordCounterProof,
  verifyClaimant,
} from '../web/steps/verify-claimant.ts'
import { withManualCheck } from './manual-check.ts'
import type { PhoneChange } from './phone-change-answers.ts'
import { type ProveUnprovedPorts, proveUnproved } from './prove-unproved.ts'
import { handedOverAccount, readHandOver } from './recovery-hand-over.ts'

export type PhoneChangeStepPorts = ClaimantPorts &
  ProveUnprovedPorts & {
    readonly accounts: Accounts
    readonly accountSessions: AccountSessions
  }

type PhoneChangeForm = ProofForm & {
  name: string
  idType: IdDocument['type']
  idCountry?: string | undefined
  idNumber: string
}

const purpose = 'phone-change'

/** 填写信息: a person whom the bank or 人工核验 confirms gets a new phone for the account. */
export const phoneChangeStep: Step<PhoneChange, PhoneChangeStepPorts, PhoneChange['details']> = {
  title: 'phoneChange.details.title',
  keeps: ['name', 'idType', 'idCountry', 'idNumber', ...proofKeeps],
  links: proofLinks,
  names: ['name'],
  showsUnification: true,
  page: (visit, ports) => ({
    ...documentPage(visit),
    ...cardPage(visit, ports),
    why: readHandOver(visit.handedOver).why,
  }),
  actions: {
    send: withManualCheck(sendCode(purpose, undefined, findRemembered)),
    next: withManualCheck(
      action(
        ({ now }, ports, typed) => phoneChangeForm(dayInChina(now), ports, typed),
        changePhone,
      ),
    ),
  },
}

/**
 * The account, on a device that remembers it: its codes to a new phone count for the device, once strangers have used up
 * those of that phone.
 */
async function findRemembered(
  typed: Typed,
  { handedOver, visitor }: Visit<PhoneChange>,
  { accounts }: Pick<PhoneChangeStepPorts, 'accounts'>,
) {
  const document = z.object(documentFields).safeParse(typed)
  if (!document.success) return undefined
  const account = await handedOverAccount(
    readHandOver(handedOver),
    documentOf(document.data),
    accounts,
  )
  return account && visitor.isRemembered(account.id) ? account : undefined
}

const phoneChangeForm = (today: string, ports: PhoneChangeStepPorts, typed: Typed) =>
  z
    .object({ name: personName, ...documentFields, ...proofFields(ports, typed) })
    .check(...documentRules(today), ...phoneRules(ports.phoneRegions))

/**
 * Asks the bank before it looks for the account, and gives one refusal for every mismatch, so that nobody can find out
 * whether an account exists (specification, section 3).
 */
async function changePhone(
  typed: PhoneChangeForm,
  visit: Visit<PhoneChange>,
  ports: PhoneChangeStepPorts,
): Promise<Outcome<PhoneChange, PhoneChange['details']>> {
  const { smsCodes, accountSessions, audit } = ports
  const { subject, visitor } = visit
  const document = documentOf(typed)
  const find = () => handedOverAccount(readHandOver(visit.handedOver), document, ports.accounts)
  const before = await find()
  const code = smsCodeBindingOf(visit, purpose, typed.phone)
  let changed = before
  // After a crash between the change and the last page, the same request must not repeat the bank call or the notices.
  if (before?.changedBy !== subject) {
    const claimant = { name: typed.name, document }
    const proof = await verifyClaimant(typed, claimant, code, visitor, visit.now, ports, before?.id)
    if ('code' in proof) return { refused: proof }
    const change = { by: subject, locale: visitor.locale, now: visit.now, recovery: true as const }
    const changedOne = await changePhoneOfAccount(proof, find, change, ports.accounts)
    const handOver = readHandOver(visit.handedOver)
    const proved =
      changedOne === 'no_account' && proof.card && !handOver.unit
        ? await proveUnproved(proof, handOver, change, ports)
        : undefined
    const outcome = proved ?? changedOne
    if (outcome === 'no_account' || outcome === 'other_name')
      return { refused: await notTheirs(outcome, typed, document, code, ports) }
    if (outcome === 'frozen') return { refused: frozenRefusal }
    if (outcome === 'proof_used') return { refused: invalidCounterCode }
    if (outcome === 'stale') return { refused: refuse('form', 'phoneChange.stale') }
    changed = outcome
  }
  if (!changed) throw new Error('the changed account does not exist')
  await accountSessions.endAll(changed.id, { since: versionAfterChange(changed, subject) })
  await smsCodes.use(code)
  const { address } = visitor
  // This request has created the account: it was an imported registration.
  const isProved = changed.version === 1 && changed.changedBy === subject
  const what = isProved ? 'real-name-proved' : 'phone-changed'
  await audit.record({ what, accountId: changed.id, address })
  await recordCounterProof(changed.id, 'counterCode' in typed, visit, ports)
  return { passed: isProved ? 'proved' : 'changed' }
}

/** The same refusal as the bank's own, so that it does not disclose whether an account exists. */
async function notTheirs(
  finding: 'no_account' | 'other_name',
  typed: PhoneChangeForm,
  document: IdDocument,
  code: SmsCodeBinding,
  ports: PhoneChangeStepPorts,
): Promise<Refusal> {
  if ('counterCode' in typed) return withCodeValidity(invalidCounterCode, code, ports)
  const { name, bank, account, phone } = typed
  const claim = { name, ...documentAtBank(document), bank, account, phone }
  const refusal = await mismatchRefusal(
    claim,
    documentCounterKey(document),
    code.flow,
    finding,
    ports,
  )
  return withCodeValidity(refusal, code, ports)
}
