import { type MessageCode, say } from '../../../config/messages.ts'
import type { Locale } from '../../../config/sentences.ts'
import { isLongWait, type Message, type Refusal } from '../../people/refusal.ts'
import { caseNumberOf } from './case-number.ts'
import { messageParamsOf } from './message-params.ts'

const hour = 3600

/** A refusal with all that its sentence needs. */
export const withMessageParams = (refusal: Refusal, locale: Locale, now: number): Refusal => ({
  ...refusal,
  params: messageParamsOf(refusal, locale, now),
})

/** The summary on top of a refused page, beside the refusals themselves, and the help under it. */
export function summaryOf(
  refusals: readonly Refusal[],
  { keepsTyped, locale, now }: { keepsTyped: boolean; locale: Locale; now: number },
) {
  const notes = refusals.flatMap((refusal) => refusal.notes ?? [])
  const uncounted = refusals.some(({ notCounted }) => notCounted)
  const saying = (said: Message) => say(locale, said.code, messageParamsOf(said, locale, now))
  return {
    title: titleOf(refusals),
    notes: [
      ...notes.filter(isWorthSaying(now)).map(saying),
      ...(uncounted ? [say(locale, notCounted(keepsTyped))] : []),
    ],
    /** The person may want to call somebody. */
    needsHelp: refusals.some(isLongWait),
    caseNumber: refusals.map(caseNumberOf).find(Boolean),
  }
}

/** An outage and a limit are not the person's to correct: they have headings of their own. */
function titleOf(refusals: readonly Refusal[]): MessageCode {
  if (refusals.some(({ status }) => status === 503)) return 'summary.outage'
  const waits = refusals.flatMap(({ status, retryAfter = 0 }) =>
    status === 429 ? [retryAfter] : [],
  )
  if (waits.length === 0) return 'summary.title'
  return Math.max(...waits) >= hour ? 'summary.today' : 'summary.later'
}

const notCounted = (keepsTyped: boolean) =>
  keepsTyped ? 'refused.notCountedKept' : 'refused.notCounted'

/** A code that ends within a minute has ended by the time it is used. */
const isWorthSaying =
  (now: number) =>
  ({ until }: Message) =>
    until === undefined || until - now >= 60_000
