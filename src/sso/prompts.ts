import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'
import { askedVerified } from './asked-claims.ts'
import { isLate } from './late-sign-ins.ts'

const { Check, Prompt, base } = interactionPolicy

/**
 * When a page has to be shown: oidc-provider's own login and consent, and
 * - `prompt=create` (Initiating User Registration via OpenID Connect 1.0), fulfilled by a sign-in in its own
 *   interaction: registering alone signs nobody in;
 * - `prompt=select_account`, whoever is signed in;
 * - `prompt=consent` of the bureau's own systems, which asks nothing (it brings them `offline_access`);
 * - a session whose account is gone, which is none;
 * - a sign-in from before the account changed (`isLate`), which is none either;
 * - verified claims that the person has not agreed to yet;
 * - `id_token_hint` of another account also after a sign-in, so that nobody else is answered for (Core, 3.1.2.1).
 */
export function prompts() {
  const policy = base()
  const create = new Prompt({ name: 'create', requestable: true })
  create.checks.remove('create_prompt')
  create.checks.add(
    new Check('create_prompt', 'create prompt was not resolved', 'interaction_required', (ctx) => {
      const { oidc } = ctx
      return oidc.prompts.has('create') && !oidc.result?.login
    }),
  )
  policy.add(create, 0)
  policy.add(new Prompt({ name: 'select_account', requestable: true }), 1)
  policy.get('login')?.checks.add(
    new Check('account_gone', 'End-User authentication is required', 'login_required', (ctx) => {
      const { session, account } = ctx.oidc
      return session?.accountId !== undefined && account === undefined
    }),
  )
  policy
    .get('login')
    ?.checks.add(
      new Check('account_changed', 'End-User authentication is required', 'login_required', isLate),
    )
  policy
    .get('consent')
    ?.checks.add(
      new Check(
        'verified_claims_missing',
        'requested claims not granted',
        'consent_required',
        lacks,
      ),
    )
  change(policy.get('login')?.checks.get('max_age'), (isOlder) => (ctx) => {
    const { params, result } = ctx.oidc
    // Zero is `prompt=login` (Core, 3.1.2.1), also within the second of a login.
    return (Number(params?.['max_age']) === 0 && !result?.login) || isOlder(ctx)
  })
  change(policy.get('consent')?.checks.get('consent_prompt'), (isAsked) => (ctx) => {
    return !ctx.oidc.client?.['first_party'] && isAsked(ctx)
  })
  change(policy.get('login')?.checks.get('id_token_hint'), (isOther) => (ctx) => {
    recallHint(ctx)
    return isOther(ctx)
  })
  return policy
}

/** Verified claims are agreed to one by one. */
function lacks({ oidc: { params = {}, client, entities } }: KoaContextWithOIDC): boolean {
  const known = entities.Grant?.getOIDCClaimsEncountered() ?? []
  const names = client ? askedVerified(params, client) : []
  return names.some((name) => !known.includes(name))
}

type Ask = interactionPolicy.Check['check']

function change(check: interactionPolicy.Check | undefined, into: (before: Ask) => Ask): void {
  if (!check) throw new Error('oidc-provider has another policy than it had')
  check.check = into(check.check)
}

/** The hint was verified when the request came in; resumed, the request has it as a parameter only. */
function recallHint({ oidc }: KoaContextWithOIDC): void {
  const hint = oidc.params?.['id_token_hint']
  if (typeof hint !== 'string' || oidc.entities.IdTokenHint) return
  const [header, payload] = hint
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))
  oidc.entity('IdTokenHint', { header, payload })
}
