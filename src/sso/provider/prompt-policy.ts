import { interactionPolicy } from 'oidc-provider'
import type { AgreementVersions } from '../../people/agreement.ts'
import type { Clock } from '../../ports/clock.ts'
import { requestedVerifiedClaims } from '../consent/requested-claims.ts'
import { agreementPrompt } from '../login/agreement-prompt.ts'
import { isStaleSignIn } from '../sessions/stale-sessions.ts'
import { stepUpPrompt } from '../step-up/step-up-prompt.ts'
import { changeCheck, promptOf, recallHint } from './patches/prompt-checks.ts'

const { Check, Prompt, base } = interactionPolicy

/**
 * Decides when an authorization request needs a page. In addition to the login and consent of oidc-provider:
 * - `prompt=create` (Initiating User Registration via OpenID Connect 1.0) is fulfilled by a sign-in in its own
 *   interaction, since registering alone signs nobody in;
 * - `prompt=select_account`, and the same page when another person signed in while a page was open;
 * - the user agreement, once for each version (`agreementPrompt`);
 * - a step-up (`stepUpPrompt`), instead of the library's checks of `acr`, which would ask for the password again and
 *   again;
 * - `prompt=consent` asks nothing for the bureau's own clients, to which it gives `offline_access`;
 * - verified claims that the person has not allowed yet need consent;
 * - a session whose account is gone counts as none, and so does a stale sign-in (`isStaleSignIn`);
 * - `max_age` is checked during a step-up too;
 * - `id_token_hint` of another account is checked after a sign-in too, so that nobody is signed in for another person
 *   (OpenID Connect Core 1.0, 3.1.2.1).
 */
export function promptPolicy(clock: Clock, versions: AgreementVersions, policy = base()) {
  const login = promptOf(policy, 'login')
  const consent = promptOf(policy, 'consent')
  const create = new Prompt({ name: 'create', requestable: true })
  create.checks.remove('create_prompt')
  create.checks.add(
    new Check('create_prompt', 'create prompt was not resolved', 'interaction_required', (ctx) => {
      const { oidc } = ctx
      return oidc.prompts.has('create') && !oidc.result?.login
    }),
  )
  policy.add(create, 0)
  policy.add(selectAccountPrompt(), 1)
  policy.add(agreementPrompt(versions), policy.indexOf(consent))
  policy.add(stepUpPrompt(clock), policy.indexOf(consent))
  for (const check of ['essential_acrs', 'essential_acr']) login.checks.remove(check)
  login.checks.add(loginCheck('account_gone', accountIsGone))
  login.checks.add(loginCheck('account_changed', isStaleSignIn))
  changeCheck(login, 'max_age', (isPast) => (ctx) => isPast(ctx) || isMaxAgeExceeded(ctx))
  changeCheck(login, 'id_token_hint', (isOther) => (ctx) => {
    recallHint(ctx)
    return isOther(ctx)
  })
  consent.checks.add(
    new Check(
      'verified_claims_missing',
      'claims not granted',
      'consent_required',
      lacksVerifiedClaims,
    ),
  )
  changeCheck(consent, 'consent_prompt', (isAsked) => (ctx) => {
    return !ctx.oidc.client?.['first_party'] && isAsked(ctx)
  })
  return policy
}

/** The key of an interaction's result: another person is signed in now than at its start. */
export const personChanged = 'person_changed'

/** Asked for by the request, or because another person signed in while a page was open. */
function selectAccountPrompt() {
  const prompt = new Prompt({ name: 'select_account', requestable: true })
  prompt.checks.add(
    new Check(
      'person_changed',
      'another End-User is signed in',
      'account_selection_required',
      (ctx) => {
        const { result, session } = ctx.oidc
        const isUnknown = result?.[personChanged] !== undefined && !result['select_account']
        return isUnknown && session?.accountId !== undefined
      },
    ),
  )
  return prompt
}

type Condition = interactionPolicy.Check['check']

const loginCheck = (reason: string, check: Condition) =>
  new Check(reason, 'End-User authentication is required', 'login_required', check)

const accountIsGone: Condition = ({ oidc: { session, account } }) =>
  session?.accountId !== undefined && account === undefined

/** `max_age=0` means `prompt=login` (OpenID Connect Core 1.0, 3.1.2.1), even in the second of a login. */
const isMaxAgeExceeded: Condition = ({ oidc: { params, result, session } }) => {
  const { max_age: most } = params ?? {}
  if (most === undefined) return false
  if (!result?.login) return Number(most) === 0
  // A step-up takes time and does not change `auth_time`.
  return result.login.ts !== undefined && session?.past(Number(most)) === true
}

/** The person allows each verified claim separately. */
const lacksVerifiedClaims: Condition = ({ oidc: { params = {}, client, entities } }) => {
  const known = entities.Grant?.getOIDCClaimsEncountered() ?? []
  const names = client ? requestedVerifiedClaims(params, client) : []
  return names.some((name) => !known.includes(name))
}
