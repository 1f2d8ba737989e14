import type { IdDocument, UnitDocument } from '../people/fields/id-document.ts'

/** Who somebody says they are: a person, or a unit by its name and code. */
export type Identity = { readonly name: string; readonly document: IdDocument | UnitDocument }

/** What each step of 找回用户名 has found out once it has passed. */
export type UsernameRecovery = {
  readonly identity: Identity
  readonly code: 'sent'
}
