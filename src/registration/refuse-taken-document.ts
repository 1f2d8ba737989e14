import type { IdDocument, UnitDocument } from '../people/fields/id-document.ts'
import { refuse } from '../people/refusal.ts'
import type { Accounts } from '../ports/accounts.ts'
import { type ExistencePorts, refuseIfExists } from '../proofs/existence-disclosure.ts'
import type { Visit } from '../web/flow/flow-definition.ts'

export type TakenDocumentPorts = ExistencePorts & { readonly accounts: Accounts }

/** Refuses a 证件号 that already has an account; the refusal counts as a disclosure that the account exists. */
export const refuseTakenDocument = (
  document: IdDocument | UnitDocument,
  { existenceHits, visitor }: Visit<unknown>,
  ports: TakenDocumentPorts,
) =>
  refuseIfExists(
    () => ports.accounts.documentTaken(document),
    refuse('idNumber', 'idNumber.taken'),
    existenceHits,
    visitor,
    ports,
  )
