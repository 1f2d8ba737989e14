import type { Interaction, Provider } from 'oidc-provider'
import type { Context } from '../../web/context.ts'

/**
 * The person who is signed in at this browser, compared with the one with whom the interaction began: the same (or
 * nobody, as then), nobody any more, or another person.
 */
export type SignedInNow = 'same' | 'nobody' | 'another'

/**
 * oidc-provider binds an interaction to the session in which it began, and refuses it once that session is gone. A page
 * may stay open longer than that. So the interaction is bound to the session that this browser has now where the person
 * is the same, and to none otherwise, as oidc-provider does itself where another account signs in.
 */
export async function followSession(
  ctx: Context,
  interaction: Interaction,
  provider: Provider,
): Promise<SignedInNow> {
  const { session: began } = interaction
  if (!began?.uid) return 'same'
  const { uid, accountId, jti, acr, amr } = await provider.Session.get(ctx)
  const isSamePerson = accountId !== undefined && accountId === began.accountId
  if (isSamePerson && uid === began.uid) return 'same'
  forgetProofs(interaction)
  if (isSamePerson)
    interaction.session = {
      ...{ accountId, uid, cookie: jti },
      ...(acr && { acr }),
      ...(amr && { amr }),
    }
  else delete interaction.session
  await interaction.persist()
  if (isSamePerson) return 'same'
  return accountId === undefined ? 'nobody' : 'another'
}

/** A proof in a session that ended lifts no other session, and a consent given there may be another person's. */
export function forgetProofs(interaction: Interaction): void {
  const { login: _, step_up: __, consent: ___, ...others } = interaction.lastSubmission ?? {}
  interaction.lastSubmission = others
}
