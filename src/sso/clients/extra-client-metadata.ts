import { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider'
import { ownClientMetadata } from '../../../config/oidc.ts'
import type { ClientRegistration } from '../provider/features/client-registration.ts'
import { problemLine } from './metadata/check-metadata.ts'
import { fapi2Defaults, hasFapi2Profile } from './metadata/fapi2-rules.ts'
import { checkRegistration } from './metadata/registration-rules.ts'

type Metadata = Parameters<NonNullable<ExtraMetadata['validator']>>[3]
type ExtraMetadata = NonNullable<Configuration['extraClientMetadata']>

/**
 * The client metadata that we add to the standard ones, and their effect on the others, for every way in which a client
 * is stored.
 */
export const extraClientMetadata = (registration?: ClientRegistration): ExtraMetadata => ({
  properties: [...ownClientMetadata],
  validator(ctx, name, _value, metadata) {
    // oidc-provider calls this for each of our names, and passes a context only when a client registers or updates
    // itself.
    if (ctx && registration && name === ownClientMetadata[0])
      checkSelfRegistration(ctx, metadata, registration)
    if (name === 'profile' && hasFapi2Profile(metadata))
      Object.assign(metadata, fapi2Defaults(metadata))
  },
})

/**
 * Checks the metadata of a client that registers itself by the rules of the files and by stricter ones, before
 * oidc-provider checks it, so that all problems are reported at once.
 */
function checkSelfRegistration(
  { oidc }: KoaContextWithOIDC,
  metadata: Metadata,
  { rules }: ClientRegistration,
) {
  // If the client sends no scope, oidc-provider has already set a default that is meant for other clients.
  const { scope } = (oidc.body ?? {}) as { readonly scope?: unknown }
  const judged = checkRegistration({ ...metadata, scope }, rules)
  if ('problems' in judged)
    throw new errors.InvalidClientMetadata(judged.problems.map(problemLine).join('; '))
  Object.assign(metadata, judged.metadata)
}
