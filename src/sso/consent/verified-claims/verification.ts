import { createHash } from 'node:crypto'
import { atCounter, byBank, documentTypeOf } from '../../../../config/claims/verified-claims.ts'
import type { Account } from '../../../people/account.ts'
import type { IdDocument } from '../../../people/fields/id-document.ts'
import { provedAtOf, type VerifiedCard } from '../../../people/identity-proof.ts'

/**
 * How a person was verified (OpenID Identity Assurance Schema Definition 1.0, 5.4): the bank and the time, never the
 * bank account; or the kind of the document that two operators checked, never its number.
 */
export function verificationOf(account: Account, clientId: string) {
  const { id, card, document } = account
  const provedAt = provedAtOf(account)
  const time = new Date(provedAt).toISOString().replace(/\.\d+/, '')
  const check = reference(clientId, id, provedAt)
  const { trustFramework, assuranceLevel } = card ? byBank : atCounter
  return {
    trust_framework: trustFramework,
    assurance_level: assuranceLevel,
    time,
    verification_process: check,
    txn: check,
    evidence: [card ? recordOf(card, check, time) : documentOf(document, check, time)],
  }
}

const recordOf = ({ bank }: VerifiedCard, check: string, time: string) => ({
  type: byBank.evidenceType,
  check_details: [{ check_method: byBank.checkMethod, organization: bank, check_id: check, time }],
  record: { type: byBank.recordType, source: { name: bank, country_code: 'CHN' } },
})

const documentOf = ({ type }: IdDocument, check: string, time: string) => ({
  type: atCounter.evidenceType,
  check_details: [{ check_method: atCounter.checkMethod, check_id: check, time }],
  document_details: { type: documentTypeOf(type) },
})

/**
 * A reference to one proof for one client: always the same, derivable from the account, and different for each client.
 */
const reference = (...of: readonly [clientId: string, accountId: string, provedAt: number]) =>
  createHash('sha256').update(JSON.stringify(of)).digest('base64url').slice(0, 22)
