import type { BeginOutcome, RecordedAnswer } from '../../ports/idempotent-requests.ts'

export type BegunRequest = Exclude<BeginOutcome, string | { answered: RecordedAnswer }>

/** Executes a request that was begun. A repetition gets the same `recorded`; without one, or after an error, it executes again. */
export async function executeBegun<Answer>(
  { by, finish, giveUp }: BegunRequest,
  execute: (by: string) => Promise<{ readonly answer: Answer; readonly recorded?: RecordedAnswer }>,
): Promise<Answer> {
  let isRecorded = false
  try {
    const { answer, recorded } = await execute(by)
    if (recorded) {
      await finish(recorded)
      isRecorded = true
    }
    return answer
  } finally {
    if (!isRecorded) await giveUp()
  }
}
