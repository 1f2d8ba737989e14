import type { Configuration } from 'oidc-provider'

/** The identifier of an account for all clients of a sector: always the same there, and useless elsewhere. */
export type PairwiseSubject = (sector: string, accountId: string) => string

/** The `sub` for clients of `subject_type: pairwise` (OpenID Connect Core 1.0, 8.1; decision 0116). */
export const pairwiseIdentifier =
  (subject: PairwiseSubject): NonNullable<Configuration['pairwiseIdentifier']> =>
  (_ctx, accountId, client) => {
    const { sectorIdentifier } = client as typeof client & { readonly sectorIdentifier?: string }
    if (!sectorIdentifier) throw new Error(`client ${client.clientId} has no sector`)
    return subject(sectorIdentifier, accountId)
  }
