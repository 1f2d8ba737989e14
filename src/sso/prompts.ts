import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'
import { isLate } from './late-sign-ins.ts'

const { Check, Prompt, base } = interactionPolicy

/**
 * When a page has to be shown: oidc-provider's own login and consent, and
 * - `prompt=create` (Initiating User Registration via OpenID Connect 1.0), fulfilled by a sign-in in its own
 *   interaction: registering alone signs nobody in;
 * - `prompt=consent` of the bureau's own systems, which asks nothing (it brings them `offline_access`);
 * - a session whose account is gone, which is none;
 * - a sign-in from before the account changed (`isLate`), which is none either;
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
  change(policy.get('consent')?.checks.get('consent_prompt'), (isAsked) => (ctx) => {
    return !ctx.oidc.client?.['first_party'] && isAsked(ctx)
  })
  change(policy.get('login')?.checks.get('id_token_hint'), (isOther) => (ctx) => {
    recallHint(ctx)
    return isOther(ctx)
  })
  return policy
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
