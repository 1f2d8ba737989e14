import type { Operator } from '../../people/operator.ts'
import type {
  ClientChanged,
  ClientProblem,
  ClientResult,
  ManagedClients,
} from '../../ports/operators/managed-clients.ts'
import type { Reviews } from '../../ports/operators/reviews.ts'
import type { Answer } from '../access/console-frame.ts'
import { goTo, type Outcome, refused } from '../access/console-router.ts'
import { askReview } from '../reviews/review-matters.ts'

export type ClientPagePorts = {
  readonly managedClients: ManagedClients
  readonly reviews: Pick<Reviews, 'ask'>
}

/** The answer of a page to an action on a client: its problems, 待复核, or what `done` shows. */
export async function clientOutcome(
  result: ClientResult,
  { operator, reason }: { readonly operator: Operator; readonly reason: string },
  { reviews }: Pick<ClientPagePorts, 'reviews'>,
  page: {
    readonly refused: (problems: readonly ClientProblem[]) => Promise<Answer>
    readonly done: (changed: ClientChanged) => Answer
  },
): Promise<Outcome> {
  if ('problems' in result) return refused(await page.refused(result.problems))
  if ('review' in result)
    return askReview({ ...result.review, reason }, operator, reviews, goTo('/reviews?done=asked'))
  return { did: { ...result.event, reason }, answer: page.done(result) }
}
