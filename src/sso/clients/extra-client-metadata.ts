import { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider'
import { ownClientMetadata } from '../../../config/oidc.ts'
import type { ClientRegistration } from '../provider/features/client-registration.ts'
import { fapi2Defaults, isFapi2 } from './metadata/fapi2-rules.ts'
import { checkRegistration } from './metadata/registration-rules.ts'

type Metadata = Parameters<NonNullable<ExtraMetadata['validator']>>[3]
type ExtraMetadata = NonNullable<Configuration['extraClientMetadata']>

/** Client metadata of our own, and what of it acts on the rest, whatever way a client came in. */
export const extraClientMetadata = (registration?: ClientRegistration): ExtraMetadata => ({
  properties: [...ownClientMetadata],
  validator(ctx, name, _value, metadata) {
    // oidc-provider comes with each of our names, and with a request only where that registers or changes a client.
    if (ctx && registration && name === ownClientMetadata[0]) judgeSelf(ctx, metadata, registration)
    if (name === 'profile' && isFapi2(metadata)) Object.assign(metadata, fapi2Defaults(metadata))
  },
})

/**
 * What a system says of itself as it registers or changes is judged like the files' metadata and by rules of its own,
 * before oidc-provider looks at it: all problems are told at once.
 */
function judgeSelf(
  { oidc }: KoaContextWithOIDC,
  metadata: Metadata,
  { rules }: ClientRegistration,
) {
  // Where it says nothing, oidc-provider has put what is usual for others.
  const { scope } = (oidc.body ?? {}) as { readonly scope?: unknown }
  const judged = checkRegistration({ ...metadata, scope }, rules)
  if ('problems' in judged) throw new errors.InvalidClientMetadata(judged.problems.join('; '))
  Object.assign(metadata, judged.metadata)
}
