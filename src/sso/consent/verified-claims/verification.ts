import { createHash } from 'node:crypto'
import {
  assuranceLevel,
  checkMethod,
  evidenceType,
  recordType,
  trustFramework,
} from '../../../../config/claims/verified-claims.ts'
import type { Account } from '../../../people/account.ts'

/**
 * How a person was verified (OpenID Identity Assurance Schema Definition 1.0, 5.4): the bank and the time, never the
 * bank account.
 */
export function verificationOf({ id, card }: Pick<Account, 'id' | 'card'>, clientId: string) {
  const time = new Date(card.provedAt).toISOString().replace(/\.\d+/, '')
  const check = reference(clientId, id, card.provedAt)
  return {
    trust_framework: trustFramework,
    assurance_level: assuranceLevel,
    time,
    verification_process: check,
    txn: check,
    evidence: [
      {
        type: evidenceType,
        check_details: [
          { check_method: checkMethod, organization: card.bank, check_id: check, time },
        ],
        record: { type: recordType, source: { name: card.bank, country_code: 'CHN' } },
      },
    ],
  }
}

/**
 * A reference to one proof for one client: always the same, derivable from the account, and different for each client.
 */
const reference = (...of: readonly [clientId: string, accountId: string, provedAt: number]) =>
  createHash('sha256').update(JSON.stringify(of)).digest('base64url').slice(0, 22)
