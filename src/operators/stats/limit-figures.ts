import { type MessageCode, messages, say } from '../../../config/messages.ts'
import type { CountOf } from '../../ports/counters.ts'
import type { WaitingTasks } from '../../ports/tasks.ts'
import { barFigure, type Figure } from './figure.ts'
import { grouped, sumOf, valuesOf } from './sums.ts'

/** The pictures show the limits that refused most; the others are in the table of the API. */
const mostRows = 15

/** The name of a limit in Chinese: its kind and its subject, e.g. `短信验证码：同一网络`. */
export function limitName(limit: string): string {
  const whole = `limitName.${limit}`
  if (isMessage(whole)) return say('zh-CN', whole)
  const [kind, subject] = limit.split('.')
  const [ofKind, ofSubject] = [`limitKind.${kind}`, `limitSubject.${subject}`]
  if (!isMessage(ofKind)) return limit
  const name = say('zh-CN', ofKind)
  return isMessage(ofSubject) ? `${name}：${say('zh-CN', ofSubject)}` : name
}

const isMessage = (code: string): code is MessageCode => code in messages

/** How often each limit refused an attempt. */
export function limitFigure(counts: readonly CountOf<'limits'>[]): Figure {
  const rows = valuesOf(counts, 'limit')
    .slice(0, mostRows)
    .map((limit) => {
      const count = sumOf(counts, { limit })
      return {
        label: limitName(limit),
        values: [count],
        text: grouped(count),
        cells: [grouped(count)],
      }
    })
  return barFigure(
    { id: 'limits', title: say('zh-CN', 'stats.limits.picture') },
    [say('zh-CN', 'stats.head.limit'), say('zh-CN', 'stats.head.hits')],
    rows,
  )
}

/** Tasks that wait, and since when the oldest one does. */
export function queueFigure(tasks: readonly WaitingTasks[], now: number): Figure {
  const rows = tasks.map(({ kind, waiting, oldest }) => ({
    label: say('zh-CN', `stats.queue.${kind}`),
    values: [waiting],
    text: grouped(waiting),
    cells: [grouped(waiting), oldest === undefined ? '–' : durationOf(now - oldest)],
  }))
  return barFigure(
    {
      id: 'queues',
      title: say('zh-CN', 'stats.queues.picture'),
      note: say('zh-CN', 'stats.queues.note'),
    },
    (['task', 'waiting', 'oldest'] as const).map((head) => say('zh-CN', `stats.head.${head}`)),
    rows,
  )
}

function durationOf(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 1) return say('zh-CN', 'stats.duration.seconds', { seconds: Math.ceil(ms / 1000) })
  if (minutes < 120) return say('zh-CN', 'stats.duration.minutes', { minutes })
  return say('zh-CN', 'stats.duration.hours', { hours: Math.floor(minutes / 60) })
}
