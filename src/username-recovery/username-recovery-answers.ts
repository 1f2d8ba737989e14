import type { IdDocument, UnitDocument } from '../people/fields/id-document.ts'

/** The unverified identity that a visitor typed: of a person, or of a unit by its name and code. */
export type ClaimedIdentity = {
  readonly name: string
  readonly document: IdDocument | UnitDocument
}

/** The answer of each step of 找回用户名, by the step's name. */
export type UsernameRecovery = {
  readonly identity: ClaimedIdentity
  readonly code: 'sent'
}
