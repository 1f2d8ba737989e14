import type { Middleware } from 'koa'
import { Outage } from '../../ports/outage.ts'
import type { WebState } from '../context.ts'

/** Answers a request by its deadline. Unfinished work of the request continues, and is logged if it fails. */
export const deadline =
  (seconds: number): Middleware<WebState> =>
  async (ctx, next) => {
    ctx.state.deadline = performance.now() + seconds * 1000
    let answered = false
    const work = next().catch((error: unknown) => {
      if (answered) ctx.state.log.error({ err: error }, 'failed after the deadline')
      throw error
    })
    try {
      await withDeadline(ctx.state.deadline, work)
    } finally {
      answered = true
    }
  }

/** Resolves like `work`, or rejects with an `Outage` if it is not done by `end` (`performance.now()`). */
export async function withDeadline<Result>(end: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const refuse = () => reject(new Outage(new Error('the request is late')))
    timer = setTimeout(refuse, Math.max(0, end - performance.now()))
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
