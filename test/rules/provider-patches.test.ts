import { generateKeyPairSync } from 'node:crypto'
import { basename } from 'node:path'
import { interactionPolicy, Provider } from 'oidc-provider'
import { policy } from '../../config/limits-and-lifetimes.ts'
import { applyPatches, type PatchPorts } from '../../src/sso/provider/apply-patches.ts'
import { assertContinuePage } from '../../src/sso/provider/patches/continue-page.ts'
import { assertGuardedRequests } from '../../src/sso/provider/patches/guarded-requests.ts'
import { makeSelfDescribingIds } from '../../src/sso/provider/patches/self-describing-ids.ts'
import { assertFormToken } from '../../src/sso/provider/patches/session-changes.ts'
import { promptPolicy } from '../../src/sso/provider/prompt-policy.ts'
import { projectFile, projectFiles } from '../support/project-files.ts'

const folder = 'src/sso/provider/patches'
const patches = projectFiles(folder, /\.ts$/)
const nameOf = (path: string) => basename(path, '.ts')

/** No patch asks a port anything while it is applied. */
const ports = { clock: () => 0, policy } as unknown as PatchPorts

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

const plainProvider = () =>
  new Provider('https://issuer.invalid', {
    adapter: () => {
      throw new Error('a patch uses no store while it is applied')
    },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    cookies: { keys: ['no cookie is ever set'] },
    features: { deviceFlow: { enabled: true }, devInteractions: { enabled: false } },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' }] },
  })

/** The models of tokens alone. */
const plainModels = () => {
  const { AccessToken, AuthorizationCode, ClientCredentials, RefreshToken } = plainProvider()
  return { AccessToken, AuthorizationCode, ClientCredentials, RefreshToken }
}

/** Applies all patches to a provider that lacks something. */
const without = (remove: (provider: Provider) => void) => () => {
  const provider = plainProvider()
  remove(provider)
  applyPatches(provider, ports)
}

const hide = (owner: object, name: string, value?: unknown) =>
  Object.defineProperty(owner, name, { value })

function withoutFields(model: object, ...names: string[]): void {
  const { IN_PAYLOAD: fields } = model as { readonly IN_PAYLOAD: readonly string[] }
  const others = fields.filter((name) => !names.includes(name))
  hide(model, 'IN_PAYLOAD', others)
}

/** For each patch, starts at which one of the things that it relies on is missing. */
const broken: Readonly<Record<string, readonly (() => void)[]>> = {
  'atomic-replay-detection': [
    without(({ ReplayDetection }) => hide(ReplayDetection, 'find')),
    without(({ ReplayDetection }) => hide(ReplayDetection, 'unique')),
  ],
  'continue-page': [
    () => assertContinuePage(null),
    () => assertContinuePage((ctx: { body: string }) => Object.assign(ctx, { body: '<form>' })),
  ],
  'cookie-scheme': [
    without((provider) => hide(provider, 'createContext')),
    without(({ OIDCContext }) => hide(OIDCContext.prototype, 'cookies', {})),
  ],
  'deferred-logouts': [
    without(({ Client }) => hide(Client.prototype, 'backchannelLogout')),
    without(({ Client }) => hide(Client.prototype, 'backchannelLogout', () => undefined)),
  ],
  'device-code-lookups': [
    without(({ DeviceCode }) => Reflect.deleteProperty(DeviceCode, 'find')),
    without(({ DeviceCode }) => Reflect.deleteProperty(DeviceCode, 'findByUserCode')),
  ],
  'guarded-requests': [() => assertGuardedRequests(null), () => assertGuardedRequests(() => {})],
  'identity-assurance': [
    without(({ OIDCContext }) =>
      hide(OIDCContext.prototype, 'requestParamClaims', new Set<string>()),
    ),
    without(({ AccessToken }) => withoutFields(AccessToken, 'extra')),
  ],
  'issuer-urls': [
    without(({ OIDCContext }) => hide(OIDCContext.prototype, 'urlFor')),
    without((provider) => hide(provider, 'urlFor', () => '/auth')),
  ],
  'jwt-access-tokens': [
    without(({ AccessToken }) => hide(AccessToken.prototype, 'getValueAndPayload')),
    without(({ ClientCredentials }) =>
      hide(ClientCredentials.prototype, 'generateTokenId', () => 'a'),
    ),
  ],
  'model-members': [
    without(({ Session }) => hide(Session, 'IN_PAYLOAD', [])),
    without(({ Grant }) => Reflect.deleteProperty(Grant.prototype, 'getOIDCClaimsEncountered')),
    without(({ Interaction }) => withoutFields(Interaction, 'lastSubmission')),
    without(({ Session }) => Reflect.deleteProperty(Session, 'findByUid')),
  ],
  'previous-client-secret': [
    without(({ Client }) => hide(Client.prototype, 'compareClientSecret')),
    without(({ Client }) =>
      hide(Client.prototype, 'compareClientSecret', (_ctx: object, _secret: string) => true),
    ),
  ],
  'prompt-checks': [
    ...['max_age', 'id_token_hint'].map((reason) => withoutCheck('login', reason)),
    withoutCheck('consent', 'consent_prompt'),
    () => {
      const present = interactionPolicy.base()
      present.remove('consent')
      promptPolicy(() => 0, { terms: '', privacy: '' }, present)
    },
  ],
  'provider-routes': [
    without((provider) => hide(provider, 'middleware', [])),
    without((provider) => hide(provider, 'middleware', [async () => {}, async () => {}])),
  ],
  'refresh-tokens': [
    without(({ RefreshToken }) => hide(RefreshToken, 'find')),
    without(({ RefreshToken }) => hide(RefreshToken.prototype, 'consume')),
    without(({ AccessToken }) => hide(AccessToken.prototype, 'save')),
  ],
  'refusal-reasons': [without((provider) => hide(provider, 'emit'))],
  'acr-getter': [without(({ OIDCContext }) => hide(OIDCContext.prototype, 'acr', 'a'))],
  'session-changes': [
    () => assertFormToken(null),
    () => assertFormToken((ctx: { oidc: object }) => Object.assign(ctx.oidc, { csrf: 'a' })),
    without(({ Session }) =>
      hide(Session.prototype, 'loginAccount', function login(this: object) {
        Object.assign(this, { subject: 'a' })
      }),
    ),
    without(({ Session }) => hide(Session.prototype, 'resetIdentifier', () => undefined)),
  ],
  'session-hooks': [
    without(({ Session }) => hide(Session.prototype, 'save')),
    without(({ Session }) => hide(Session.prototype, 'destroy')),
  ],
  'self-describing-ids': [
    without(({ AuthorizationCode }) => hide(AuthorizationCode.prototype, 'generateTokenId')),
    () =>
      makeSelfDescribingIds(
        { ...plainModels(), Session: class {} } as unknown as Provider,
        ports.storage,
      ),
  ],
  'stored-fields': [
    without(({ Session }) => hide(Session, 'IN_PAYLOAD')),
    without(({ Grant }) => hide(Grant, 'IN_PAYLOAD')),
  ],
}

function withoutCheck(prompt: string, reason: string) {
  return () => {
    const present = interactionPolicy.base()
    present.get(prompt)?.checks.remove(reason)
    promptPolicy(() => 0, { terms: '', privacy: '' }, present)
  }
}

test('every patch has its row in this table', () => {
  expect(Object.keys(broken).sort()).toEqual(patches.map(({ path }) => nameOf(path)).sort())
})

test('the installed oidc-provider fits all patches', () => {
  expect(without(() => {})).not.toThrow()
  expect(() => promptPolicy(() => 0, { terms: '', privacy: '' })).not.toThrow()
})

const starts = Object.entries(broken).flatMap(([patch, rows]) =>
  rows.map((start, index) => [patch, index + 1, start] as const),
)

test.each(starts)(
  '%s stops the start when what it relies on is missing (%i)',
  (patch, _index, start) => {
    const { version } = JSON.parse(projectFile('node_modules/oidc-provider/package.json').text)
    expect(start).toThrow(`oidc-provider ${version} does not fit ${folder}/${patch}.ts`)
  },
)

test.each(patches.map(({ path, text }) => [nameOf(path), text]))(
  '%s says what it patches, why, which test shows it and what to do on an upgrade',
  (_name, text) => {
    for (const part of ['Patches: ', 'Why: ', 'Shown by: ', 'On an upgrade: '])
      expect(text).toContain(` * ${part}`)
    const shown = /Shown by: ([^\n]*(?:\n \* test[^\n]*)*)/.exec(text)?.[1] ?? ''
    for (const [path] of shown.matchAll(/test\/[\w/-]+(?:\.test\.ts)?/g))
      expect(
        path.endsWith('.ts') ? projectFile(path).text : projectFiles(path, /./),
      ).not.toHaveLength(0)
  },
)
