import { say } from '../../../config/messages.ts'
import { type SmsTemplate, smsTemplates } from '../../../config/sms-templates.ts'
import type { CountOf } from '../../ports/counters.ts'
import { barFigure, type Figure } from './figure.ts'
import { grouped, percent, sumOf } from './sums.ts'

type Messages = readonly CountOf<'sms'>[]

export const smsTotals = (counts: Messages) => ({
  sent: sumOf(counts, { outcome: 'sent' }),
  codes: sumOf(counts, { template: 'code', outcome: 'sent' }),
  used: sumOf(counts, { template: 'code', outcome: 'used' }),
})

/** Messages by template. */
export function smsFigure(counts: Messages): Figure {
  const templates = Object.keys(smsTemplates) as SmsTemplate[]
  const rows = templates.map((template) => {
    const of = (outcome: string) => sumOf(counts, { template, outcome })
    const [sent, used] = [of('sent'), of('used')]
    const failed = sumOf(counts, { template }) - sent - used
    const isCode = template === 'code'
    return {
      label: say('zh-CN', `stats.sms.${template}`),
      values: [sent, failed],
      text: grouped(sent),
      cells: [
        grouped(sent),
        ...(isCode ? [grouped(used), percent(used, sent)] : ['–', '–']),
        grouped(failed),
      ],
    }
  })
  const heads = ['template', 'sent', 'used', 'usedShare', 'failed'] as const
  return barFigure(
    {
      id: 'sms',
      title: say('zh-CN', 'stats.sms.picture'),
      legend: [say('zh-CN', 'stats.head.sent'), say('zh-CN', 'stats.head.failed')],
    },
    heads.map((head) => say('zh-CN', `stats.head.${head}`)),
    rows,
  )
}
