import { say } from '../../../config/messages.ts'
import type { WaitingTasks } from '../../ports/tasks.ts'
import { barFigure, type Figure } from './figure.ts'
import { grouped } from './sums.ts'

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
