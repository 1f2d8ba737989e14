import type { Configuration } from 'oidc-provider'

/** An account's name for all systems of a sector: always the same there, and of no use anywhere else. */
export type PairwiseSubject = (sector: string, accountId: string) => string

/** OpenID Connect Core 1.0, 8.1: wherever a client of `subject_type: pairwise` is told a `sub`. */
export const pairwiseIdentifier =
  (subject: PairwiseSubject): NonNullable<Configuration['pairwiseIdentifier']> =>
  (_ctx, accountId, client) => {
    const { sectorIdentifier } = client as typeof client & { readonly sectorIdentifier?: string }
    if (!sectorIdentifier) throw new Error(`client ${client.clientId} has no sector`)
    return subject(sectorIdentifier, accountId)
  }
