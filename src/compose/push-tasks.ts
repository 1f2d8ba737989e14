import type { OidcMongo } from '../adapters/mongo/oidc-mongo.ts'
import type { ClaimedTask, TaskKind, TaskQueue, WaitingTasks } from '../ports/tasks.ts'

type PushClaims = {
  claim(most: number): Promise<readonly ClaimedTask<'push'>[]>
  waiting(): Promise<WaitingTasks>
}

/** The task queue, with the streams whose events wait as its tasks of the kind `push`. */
export const withPushes = (
  tasks: TaskQueue,
  pushes: PushClaims,
  whenEventAdded: (wake: () => void) => void,
): TaskQueue => ({
  ...tasks,
  claim: ((kind: TaskKind, most: number) =>
    kind === 'push' ? pushes.claim(most) : tasks.claim(kind, most)) as TaskQueue['claim'],
  async waiting() {
    const [others, push] = await Promise.all([tasks.waiting(), pushes.waiting()])
    return [...others.filter(({ kind }) => kind !== 'push'), push]
  },
  whenAdded(wake) {
    tasks.whenAdded(wake)
    whenEventAdded(() => wake(['push']))
  },
})

/** The clients at which an account has signed in: a grant stays as long as the person may. */
export async function signedInClients(
  accountId: string,
  { grantsOf }: Pick<OidcMongo, 'grantsOf'>,
): Promise<readonly string[]> {
  const grants = await grantsOf(accountId)
  return [...new Set(grants.flatMap(({ payload }) => payload.clientId ?? []))]
}
