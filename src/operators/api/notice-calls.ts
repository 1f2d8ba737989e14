import * as z from 'zod'
import {
  type Announcement,
  type Announcements,
  announcementLevels,
} from '../../ports/operators/announcements.ts'
import {
  type ChangeNoticesPorts,
  mostInNotice,
  noticeText,
  publishNotice,
  withdrawNotice,
} from '../pages/change-notices.ts'
import { type ApiCall, apiCall, done, noContent } from './api-call.ts'
import { periodProblem } from './period-problem.ts'
import { instant, iso, optionalReason, time, withReason } from './values.ts'

export type NoticeCallsPorts = ChangeNoticesPorts & {
  readonly announcements: Pick<Announcements, 'latest'>
}

const mostListed = 100
const length = { minLength: 1, maxLength: mostInNotice, pattern: '\\S' }
const text = z.strictObject({
  'zh-CN': noticeText('textZh.missing').meta(length),
  en: noticeText('textEn.missing').meta(length),
})
const body = z.strictObject({
  text,
  level: z.enum(announcementLevels, 'level.missing'),
  from: time.optional().meta({ description: 'Default: now.' }),
  to: time,
  reason: optionalReason,
})
const notice = z.object({
  id: z.string(),
  text: z.object({ 'zh-CN': z.string(), en: z.string() }),
  level: z.enum(announcementLevels),
  ...{ from: instant, to: instant, withdrawnAt: instant.optional() },
})

/** 公告. */
export function noticeCalls(ports: NoticeCallsPorts): readonly ApiCall[] {
  const { announcements, clock } = ports
  return [
    apiCall({
      route: 'GET /notices',
      summary: `The latest ${mostListed} notices, also those that are over or withdrawn`,
      answer: {
        ...{ status: 200, description: 'The notices, the latest first.' },
        schema: z.object({ notices: z.array(notice) }),
      },
      problems: [],
      async run() {
        const notices = (await announcements.latest(mostListed)).map(shown)
        return { did: 'nothing', answer: { status: 200, body: { notices } } }
      },
    }),
    apiCall({
      route: 'POST /notices',
      summary: 'Show a notice on top of the citizens’ pages',
      body,
      answer: { status: 201, description: 'Published.', schema: notice },
      problems: [],
      async run({ body: { reason, ...wanted }, by }) {
        const problem = periodProblem(wanted, clock())
        if (problem) return problem
        const { published, did } = await publishNotice(wanted, by, ports)
        const answer = { status: 201, body: shown(published) }
        return { did: { ...did, ...withReason(reason) }, answer }
      },
    }),
    apiCall({
      route: 'POST /notices/:id/withdraw',
      summary: 'End a notice before its time',
      body: z.strictObject({ reason: optionalReason }),
      answer: done,
      problems: ['not-found'],
      async run({ body: { reason }, by, param }) {
        const outcome = await withdrawNotice(param('id'), by, ports)
        if (outcome === 'unknown') return { name: 'not-found' }
        if (outcome === 'ended') return { name: 'conflict', detail: 'notices.gone' }
        return { did: { ...outcome.did, ...withReason(reason) }, answer: noContent }
      },
    }),
  ]
}

const shown = ({ id, text: said, level, from, to, withdrawnAt }: Announcement) => ({
  ...{ id, text: said, level, from: iso(from), to: iso(to) },
  ...(withdrawnAt !== undefined && { withdrawnAt: iso(withdrawnAt) }),
})
