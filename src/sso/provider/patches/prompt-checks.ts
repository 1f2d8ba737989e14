import type { interactionPolicy, KoaContextWithOIDC } from 'oidc-provider'
import { assertSeam } from '../assert-seam.ts'

type Prompt = interactionPolicy.Prompt
type Condition = interactionPolicy.Check['check']

/**
 * Patches: the property `check` of single checks of the default interaction policy, and `entities.IdTokenHint`.
 * Why: some conditions have to be true in more cases than oidc-provider's, or in fewer. The documented way, to remove a
 * check and add one of our own, would copy the condition of oidc-provider and miss its corrections.
 * Shown by: test/sso/sign-in.test.ts, test/conformance/sessions.test.ts.
 * On an upgrade: compare lib/helpers/interaction_policy/prompts with the release before.
 */
export function changeCheck(
  prompt: Prompt,
  reason: string,
  changed: (before: Condition) => Condition,
): void {
  const check = prompt.checks?.get(reason)
  const isThere = typeof check?.check === 'function'
  assertSeam(isThere, 'prompt-checks', `the prompt ${prompt.name} has a check ${reason}`)
  check.check = changed(check.check)
}

/** A prompt of the default policy. */
export function promptOf(policy: interactionPolicy.DefaultPolicy, name: string): Prompt {
  const prompt = policy.get(name)
  assertSeam(prompt, 'prompt-checks', `the default policy has a prompt ${name}`)
  return prompt
}

/**
 * Makes the check `id_token_hint` work on a resumed request too. oidc-provider verifies the hint when the request comes
 * in; after an interaction the request has it as a parameter only.
 */
export function recallHint({ oidc }: KoaContextWithOIDC): void {
  const hint = oidc.params?.['id_token_hint']
  if (typeof hint !== 'string' || oidc.entities.IdTokenHint) return
  const [header, payload] = hint
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))
  oidc.entity('IdTokenHint', { header, payload })
}
