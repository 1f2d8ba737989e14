import type { Configuration } from 'oidc-provider'
import { fapi2Implies, isFapi2 } from '../../config/client-metadata/fapi2.ts'
import { ownClientMetadata } from '../../config/oidc.ts'

/** Client metadata of our own, and what of it acts on the rest, whatever way a client came in. */
export const extraClientMetadata: NonNullable<Configuration['extraClientMetadata']> = {
  properties: [...ownClientMetadata],
  validator(_ctx, name, _value, metadata) {
    if (name === 'profile' && isFapi2(metadata)) Object.assign(metadata, fapi2Implies(metadata))
  },
}
