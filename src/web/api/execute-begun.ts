import type { BegunRequest, RecordedAnswer } from '../../ports/idempotent-requests.ts'

/** Executes a request that was begun. A repetition gets the same `recorded`; without one, or after an error, it executes again. */
export async function executeBegun<Answer>(
  { by, once, finish, giveUp }: BegunRequest,
  execute: (
    attempt: Pick<BegunRequest, 'by' | 'once'>,
  ) => Promise<{ readonly answer: Answer; readonly recorded?: RecordedAnswer }>,
): Promise<Answer> {
  let isRecorded = false
  try {
    const { answer, recorded } = await execute({ by, once })
    if (recorded) {
      await finish(recorded)
      isRecorded = true
    }
    return answer
  } finally {
    if (!isRecorded) await giveUp()
  }
}
