import { phoneNotices } from '../../notices/phone-notices.ts'
import { countryAdded } from '../../people/account.ts'
import { documentOf, lacksCountry } from '../../people/fields/id-document.ts'
import type { Refusal } from '../../people/refusal.ts'
import { signedInOf } from '../../people/signed-in-account.ts'
import type { Visit } from '../flow/flow-definition.ts'
import { smsCodeBindingOf } from './card-step.ts'
import type { DecidedChange } from './change-account.ts'
import { type ClaimantPorts, type ProofForm, verifyClaimant } from './verify-claimant.ts'

/**
 * Verifies a new set of name, phone, and bank and account or 核验码, with the registered document, which never changes. A changed
 * phone leads to notices and ends all other sessions.
 */
export async function freshProof(
  form: ProofForm & { readonly name: string; readonly idCountry?: string | undefined },
  purpose: string,
  visit: Visit<unknown>,
  ports: ClaimantPorts,
): Promise<DecidedChange | Refusal> {
  const { account } = signedInOf(visit)
  const { id, document: registered, phone: before } = account
  const { name, phone } = form
  const code = smsCodeBindingOf(visit, purpose, phone)
  const document = lacksCountry(registered)
    ? documentOf({
        idType: registered.type,
        idNumber: registered.number,
        idCountry: form.idCountry,
      })
    : registered
  const claimant = { name, document }
  const proof = await verifyClaimant(form, claimant, code, visit.visitor, visit.now, ports, id)
  if ('code' in proof) return proof
  const { document: confirmed, ...fresh } = proof
  const other = phone !== before
  const notices = other ? phoneNotices(account, phone, visit.visitor.locale) : []
  return {
    change: { proof: fresh, ...countryAdded(account, confirmed) },
    notices,
    endsOthers: other,
  }
}
