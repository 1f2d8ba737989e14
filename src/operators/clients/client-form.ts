import { acr } from '../../../config/acr.ts'
import { ownScopes } from '../../../config/claims/own-scopes.ts'
import { verifiedClaimNames } from '../../../config/claims/verified-claims.ts'
import { type MessageCode, messages } from '../../../config/messages.ts'
import {
  certificateMethods,
  certificateSubjects,
  clientAuthMethods,
  contentEncryptions,
  encryptionAlgorithms,
  encryptionMetadata,
  grantTypes,
  responseModes,
  responseTypes,
  scopes,
  signingAlgorithms,
  subjectTypes,
} from '../../../config/oidc.ts'

/**
 * `text`: one line, also of words. `lines`: a list, with one entry a line. `flag`: true, false or not set. `choice`: one of
 * the values, or not set.
 */
type FieldKind = 'text' | 'lines' | 'flag' | 'number' | 'json' | 'choice'

/** A field of the form. `name` is that of RFC 7591 or our own. */
export type ClientField = {
  readonly name: string
  readonly kind: FieldKind
  readonly values?: readonly string[]
}

const text = (name: string, values?: readonly string[]) => field(name, 'text', values)
const lines = (name: string, values?: readonly string[]) => field(name, 'lines', values)
const flag = (name: string) => field(name, 'flag')
const choice = (name: string, values: readonly string[]) => field(name, 'choice', values)
const field = (
  name: string,
  kind: ClientField['kind'],
  values?: readonly string[],
): ClientField => ({ name, kind, ...(values && { values }) })

/** The form of a client: every metadata name that `npm run client` takes, but the id and the secret. */
export const clientFormGroups = [
  {
    name: 'about',
    isOpen: true,
    fields: [
      text('client_name'),
      text('client_uri'),
      text('initiate_login_uri'),
      text('logo_uri'),
      text('policy_uri'),
      text('tos_uri'),
      lines('contacts'),
    ],
  },
  {
    name: 'addresses',
    isOpen: true,
    fields: [
      lines('redirect_uris'),
      lines('grant_types', grantTypes),
      lines('post_logout_redirect_uris'),
      text('backchannel_logout_uri'),
      flag('backchannel_logout_session_required'),
    ],
  },
  {
    name: 'powers',
    isOpen: true,
    fields: [
      text(
        'scope',
        scopes.filter((scope) => !ownScopes.includes(scope)),
      ),
      flag('first_party'),
      lines('verified_claims', verifiedClaimNames),
      lines('resources'),
    ],
  },
  {
    name: 'authentication',
    isOpen: true,
    fields: [
      choice('token_endpoint_auth_method', [...clientAuthMethods, ...certificateMethods]),
      field('jwks', 'json'),
      text('jwks_uri'),
    ],
  },
  {
    name: 'protocol',
    fields: [
      choice('application_type', ['web', 'native']),
      lines('response_types', responseTypes),
      lines('response_modes', responseModes),
      flag('require_pkce'),
      flag('require_nonce'),
      flag('require_pushed_authorization_requests'),
      flag('require_auth_time'),
      field('default_max_age', 'number'),
      lines('default_acr_values', Object.values(acr)),
      choice('subject_type', subjectTypes),
      text('sector_identifier_uri'),
      choice('profile', ['fapi2']),
    ],
  },
  {
    name: 'certificates',
    fields: [
      ...certificateSubjects.map((name) => text(name)),
      flag('tls_client_certificate_bound_access_tokens'),
      flag('use_mtls_endpoint_aliases'),
      flag('dpop_bound_access_tokens'),
    ],
  },
  {
    name: 'signatures',
    fields: [
      flag('require_signed_request_object'),
      ...[
        'request_object_signing_alg',
        'token_endpoint_auth_signing_alg',
        'id_token_signed_response_alg',
        'userinfo_signed_response_alg',
        'introspection_signed_response_alg',
        'authorization_signed_response_alg',
      ].map((name) => choice(name, signingAlgorithms)),
      ...encryptionMetadata.flatMap(([alg, enc]) => [
        choice(alg, encryptionAlgorithms),
        choice(enc, contentEncryptions),
      ]),
    ],
  },
] as const satisfies readonly {
  readonly name: string
  readonly isOpen?: true
  readonly fields: readonly ClientField[]
}[]

export const clientFormFields: readonly ClientField[] = clientFormGroups.flatMap(
  ({ fields }): readonly ClientField[] => fields,
)

export const clientFieldLabel = (name: string): MessageCode =>
  codeOf(`clientField.${name}`) ?? 'clients.otherField'

/** The hint of a field: its own, or the values that it allows. */
export const clientFieldHint = ({ name, kind, values }: ClientField): MessageCode | undefined =>
  codeOf(`clientField.${name}.hint`) ?? (values && kind !== 'choice' ? 'clients.values' : undefined)

const codeOf = (text: string): MessageCode | undefined =>
  text in messages ? (text as MessageCode) : undefined
