import { interactionPolicy } from 'oidc-provider'

const { Check, Prompt, base } = interactionPolicy

/**
 * When a page has to be shown: oidc-provider's own login and consent, and
 * - `prompt=create` (Initiating User Registration via OpenID Connect 1.0), fulfilled by a sign-in in its own
 *   interaction: registering alone signs nobody in;
 * - `prompt=consent` of the bureau's own systems, which asks nothing (it brings them `offline_access`).
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

  const consent = policy.get('consent')
  const asked = consent?.checks.get('consent_prompt')
  if (asked) {
    const isAsked = asked.check
    asked.check = (ctx) => !ctx.oidc.client?.['first_party'] && isAsked(ctx)
  }
  return policy
}
