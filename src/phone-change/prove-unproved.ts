import { randomBytes } from 'node:crypto'
import { type Account, canBeNamed } from '../people/account.ts'
import { dayInChina } from '../people/fields/birthdate.ts'
import { bearerInNumber, type IdDocument, sameDocument } from '../people/fields/id-document.ts'
import { sameName } from '../people/fields/person-name.ts'
import type { CardProof } from '../people/identity-proof.ts'
import { mostClaims, type UnprovedAccount } from '../people/unproved-account.ts'
import type { Accounts, UnprovedAccounts } from '../ports/accounts.ts'
import type { Passwords } from '../ports/passwords.ts'
import type { RecoveryHandOver } from './recovery-hand-over.ts'

export type ProveUnprovedPorts = {
  readonly accounts: Pick<Accounts, 'create' | 'documentTaken' | 'findById'>
  readonly passwords: Pick<Passwords, 'hash'>
  readonly unprovedAccounts: Pick<UnprovedAccounts, 'findByUsername' | 'findByDocument'>
}

/**
 * Makes an account of an imported registration whose person a bank has confirmed. A stranger may have registered it, so its
 * password is not taken over: 找回密码 sets a new one (decision 0281).
 * @returns undefined if there is none that can be the person's
 */
export async function proveUnproved(
  proof: CardProof,
  handOver: RecoveryHandOver,
  { by, now }: { readonly by: string; readonly now: number },
  { accounts, passwords, unprovedAccounts }: ProveUnprovedPorts,
): Promise<Account | undefined> {
  const { document } = proof
  if (!document || (await accounts.documentTaken(document))) return undefined
  const found = handOver.username
    ? [await unprovedAccounts.findByUsername(handOver.username)].flatMap((each) => each ?? [])
    : await unprovedAccounts.findByDocument(document, mostClaims)
  const own = ownOf(found, proof.name, document)
  if (!own) return undefined
  const { id, username, registeredAt } = own
  const passwordHash = await passwords.hash(randomBytes(32).toString('base64url'))
  await accounts.create(
    {
      ...{ ...proof, document, id, username, passwordHash, registeredAt },
      kind: 'individual',
      ...bearerInNumber(document, dayInChina(now)),
    },
    by,
  )
  const created = await accounts.findById(id)
  return created?.changedBy === by ? created : undefined
}

/** One with the confirmed name goes before one whose name the proof would replace. */
function ownOf(found: readonly UnprovedAccount[], name: string, document: IdDocument) {
  const possible = found.filter(
    (each) =>
      each.document.type !== 'uscc' &&
      sameDocument(each.document, document) &&
      canBeNamed({ name: each.name, document }, name),
  )
  return possible.find((each) => sameName(each.name, name)) ?? possible[0]
}
