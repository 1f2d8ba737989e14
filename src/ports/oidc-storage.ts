import type { Adapter } from 'oidc-provider'

/**
 * What the provider has to remember (sessions, interactions, grants, codes, tokens), model by model. Promises beyond
 * oidc-provider's own adapter:
 * - ids stand in the stores only as keyed digests and payloads are sealed: a dump gives no token, code or personal word;
 * - `consume` succeeds once, also when requests race; later ones reject with `AlreadyUsed`;
 * - a ReplayDetection entry is stored once; a second `upsert` rejects with `AlreadyUsed`;
 * - `revokeByGrantId` leaves nothing of that model and grant that was stored before it.
 */
export interface OidcStorage {
  of(model: string): Adapter
  /** The id of the latest living grant of an account to a client: what the person agreed to. */
  latestGrant(accountId: string, clientId: string): Promise<string | undefined>
}

/** A code, token or proof that is good for one use was used before. `grantId`: what it was given for. */
export class AlreadyUsed extends Error {
  override readonly name = 'AlreadyUsed'
  readonly grantId: string | undefined
  constructor(grantId?: string) {
    super('already used')
    this.grantId = grantId
  }
}
