import { type MessageCode, say } from '../../../config/messages.ts'
import type { Locale } from '../../../config/sentences.ts'
import { isLongWait, type Message, type Refusal } from '../../people/refusal.ts'
import { caseNumberOf } from './case-number.ts'
import { messageParamsOf } from './message-params.ts'

const hour = 3600

/** Completes the parameters of a refusal's message. */
export const withMessageParams = (refusal: Refusal, locale: Locale, now: number): Refusal => ({
  ...refusal,
  params: messageParamsOf(refusal, locale, now),
})

/** The summary on top of a page with refusals. */
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
    /** Whether the page shows whom to call. */
    needsHelp: refusals.some(isLongWait),
    caseNumber: refusals.map(caseNumberOf).find(Boolean),
  }
}

/** An outage and a limit have headings of their own, since the person cannot correct them. */
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

/** Whether a note about a validity is useful: a code that expires within a minute is not. */
const isWorthSaying =
  (now: number) =>
  ({ until }: Message) =>
    until === undefined || until - now >= 60_000
