import type { Interaction, Provider } from 'oidc-provider'
import type { Context } from '../../web/context.ts'

/**
 * The person who is signed in at this browser, compared with the person at the start of the interaction: the same (or
 * still nobody), nobody any more, or another person.
 */
export type SignedInNow = 'same' | 'nobody' | 'another'

/**
 * Binds an interaction to the present session of this browser if the person is the same, and to no session otherwise
 * (decision 0176). oidc-provider binds it to the session in which it started and rejects it once that session is gone,
 * but a page may stay open longer.
 */
export async function rebindSession(
  ctx: Context,
  interaction: Interaction,
  provider: Provider,
): Promise<SignedInNow> {
  const { session: began } = interaction
  if (!began?.uid) return 'same'
  const { uid, accountId, jti, acr, amr } = await provider.Session.get(ctx)
  const isSamePerson = accountId !== undefined && accountId === began.accountId
  if (isSamePerson && uid === began.uid) return 'same'
  dropSessionResults(interaction)
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

/**
 * Removes results that belong to an ended session: its proofs lift no other session, and its consent may be another
 * person's.
 */
export function dropSessionResults(interaction: Interaction): void {
  const { login: _, step_up: __, consent: ___, ...others } = interaction.lastSubmission ?? {}
  interaction.lastSubmission = others
}
