import * as z from 'zod'
import type { Level } from '../../../config/acr.ts'
import type { NewAccount, NewCommon } from '../../people/account.ts'
import { type AgreementVersions, agreement } from '../../people/agreement.ts'
import { birthdate, dayInChina } from '../../people/fields/birthdate.ts'
import { gender } from '../../people/fields/id-document.ts'
import type { Gender } from '../../people/fields/id-number.ts'
import { phoneRules } from '../../people/fields/phone.ts'
import { type Refusal, refuse } from '../../people/refusal.ts'
import type { UnprovedAccount } from '../../people/unproved-account.ts'
import type { Accounts, UnprovedAccounts } from '../../ports/accounts.ts'
import { invalidCounterCode } from '../../proofs/verify-counter-code.ts'
import type { Claimant } from '../../proofs/verify-four-elements.ts'
import {
  action,
  type Outcome,
  type Step,
  type Typed,
  type Visit,
} from '../../web/flow/flow-definition.ts'
import {
  cardPage,
  proofKeeps,
  proofLinks,
  sendCode,
  smsCodeBindingOf,
} from '../../web/steps/card-step.ts'
import {
  type ClaimantPorts,
  type ProofForm,
  proofFields,
  recordCounterProof,
  verifyClaimant,
} from '../../web/steps/verify-claimant.ts'
import { displacedRefusal, isDisplaced } from './displaced-refusal.ts'
import { readHandOver, unprovedOf } from './real-name-hand-over.ts'

export type RealNamePorts = ClaimantPorts & {
  readonly accounts: Accounts
  readonly unprovedAccounts: UnprovedAccounts
  readonly agreementVersions: AgreementVersions
}

/** The account that the proof created, as it was then, and the level of the sign-in. */
export type RealName = { readonly id: string; readonly version: number; readonly level: Level }

type Bearer = { readonly gender?: Gender; readonly birthdate?: string }
export type RealNameForm = ProofForm & Bearer

/** The person who has to be proved, and the account that they get. */
export type Applicant = {
  readonly claimant: Claimant
  newAccount(confirmed: NewCommon, form: RealNameForm): NewAccount
}

const purpose = 'real-name'
const stale: Refusal = refuse('form', 'realName.stale')

/**
 * 实名认证: the fields of 填写验证信息 and the agreement. The proof makes an account of the unproved one, with the username and
 * the password of it.
 */
export const realNameStep = <A>(
  dependsOn: readonly (keyof A & string)[],
  page: (visit: Visit<A>, unproved: UnprovedAccount) => object,
  applicantOf: (visit: Visit<A>, unproved: UnprovedAccount) => Applicant | undefined,
): Step<A, RealNamePorts, RealName> => ({
  title: 'realName.title',
  keeps: ['gender', 'birthdate', 'agreement', ...proofKeeps],
  links: proofLinks,
  dependsOn,
  async page(visit, ports) {
    const unproved = await unprovedOf(visit, ports.unprovedAccounts)
    return {
      ...cardPage(visit, ports),
      ...(unproved && page(visit, unproved)),
      asksBearer: readHandOver(visit).asksBearer,
    }
  },
  actions: {
    send: sendCode(purpose),
    next: action(formOf<A>, async (typed, visit, ports) => {
      const unproved = await unprovedOf(visit, ports.unprovedAccounts)
      return prove(typed, visit, unproved, unproved && applicantOf(visit, unproved), ports)
    }),
  },
})

/** The document of a person without sex and birth date in its number cannot contradict them. */
const formOf = <A>(
  visit: Visit<A>,
  ports: RealNamePorts,
  typed: Typed,
): z.ZodType<RealNameForm> => {
  const bearer = { gender, birthdate: birthdate(dayInChina(visit.now)) }
  const fields = z.object({
    ...(readHandOver(visit).asksBearer ? bearer : {}),
    ...proofFields(ports, typed),
    agreement,
  })
  return fields.check(...phoneRules(ports.phoneRegions)) as unknown as z.ZodType<RealNameForm>
}

/** Checks in the order of a registration; a document that is taken is refused before the bank is asked. */
async function prove<A>(
  typed: RealNameForm,
  visit: Visit<A>,
  unproved: UnprovedAccount | undefined,
  applicant: Applicant | undefined,
  ports: RealNamePorts,
): Promise<Outcome<A, RealName>> {
  const { subject, visitor, now } = visit
  const { id } = readHandOver(visit)
  const code = smsCodeBindingOf(visit, purpose, typed.phone)
  // After a crash between the creation and the end of the flow, the same form must not call the bank again.
  const existing = await ports.accounts.findById(id)
  const isDone = existing?.changedBy === subject
  if (!isDone) {
    if (existing || !unproved || !applicant) return { refused: stale }
    if (await isDisplaced(unproved, ports.accounts)) return { refused: displacedRefusal }
    const { username, passwordHash, registeredAt } = unproved
    const { claimant } = applicant
    const proof = await verifyClaimant(typed, claimant, code, visitor, now, ports)
    if ('code' in proof) return { refused: proof }
    const confirmed = {
      ...{ ...proof, ...claimant, id, username, passwordHash, registeredAt },
      agreement: { ...ports.agreementVersions, at: now },
    }
    const created = await ports.accounts.create(applicant.newAccount(confirmed, typed), subject)
    if (created === 'proof_used') return { refused: invalidCounterCode }
    if (created === 'document_taken') return { refused: displacedRefusal }
    if (created !== 'created') return { refused: stale }
  }
  await ports.smsCodes.use(code)
  await ports.audit.record({ what: 'real-name-proved', accountId: id, address: visitor.address })
  const byCounter = 'counterCode' in typed
  await recordCounterProof(id, byCounter, visit, ports)
  return { passed: { id, version: existing?.version ?? 1, level: byCounter ? 'sms' : 'bank' } }
}
