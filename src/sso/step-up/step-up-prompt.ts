import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'
import type { Level } from '../../../config/acr.ts'
import type { Clock } from '../../ports/clock.ts'
import { essentialMaxAge } from '../consent/requested-claims.ts'
import { missingLevel } from './requested-acr.ts'

const { Check, Prompt } = interactionPolicy

/**
 * Raises a sign-in to the level that `acr_values` or the `claims` parameter requests (decision 0122), and asks for a
 * new bank proof if the present one is older than the `max_age` of the requested `verified_claims` (OpenID Connect for
 * Identity Assurance 1.0, 5.5.2).
 */
export function stepUpPrompt(clock: Clock) {
  const levelFor = (ctx: KoaContextWithOIDC): Level | undefined =>
    isProofTooOld(ctx, clock()) ? 'bank' : missingLevel(ctx)
  return new Prompt(
    { name: 'step_up' },
    (ctx) => ({ level: levelFor(ctx) }),
    new Check(
      'acr_missing',
      'the requested ACR was not reached',
      'interaction_required',
      (ctx) => levelFor(ctx) !== undefined,
    ),
  )
}

/**
 * A new proof is requested once for each authorization request, and never with `prompt=none`: an answer without
 * verified claims is no error.
 */
function isProofTooOld({ oidc }: KoaContextWithOIDC, now: number): boolean {
  const { client, params = {}, account, prompts, result } = oidc
  const provedAt = account?.['provedAt']
  const wasRequested = (result?.['step_up'] as { level?: Level } | undefined)?.level === 'bank'
  if (!client || typeof provedAt !== 'number' || prompts.has('none') || wasRequested) return false
  const age = essentialMaxAge(params, client)
  return age !== undefined && now - provedAt > age * 1000
}
