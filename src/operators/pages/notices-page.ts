import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { choice } from '../../people/fields/field.ts'
import { type Refusal, refuse } from '../../people/refusal.ts'
import type { Clock } from '../../ports/clock.ts'
import {
  type Announcement,
  type Announcements,
  announcementLevels,
} from '../../ports/operators/announcements.ts'
import { refusalsOf } from '../../web/flow/flow-definition.ts'
import type { Show } from '../access/console-frame.ts'
import { type ConsoleRouter, goTo, refused } from '../access/console-router.ts'
import { periodFields, periodRule } from '../access/time-field.ts'
import { noticeText, publishNotice, withdrawNotice } from './change-notices.ts'

export type NoticesPagePorts = { readonly announcements: Announcements; readonly clock: Clock }

const onPage = 100

const form = (now: number) =>
  z
    .object({
      textZh: noticeText('textZh.missing'),
      textEn: noticeText('textEn.missing'),
      level: choice(announcementLevels, 'level.missing'),
      ...periodFields,
    })
    .check(periodRule(now))

/** 公告: what the citizens' pages show on top, 发布 and 撤下. */
export function noticesPage(
  router: ConsoleRouter,
  { announcements, clock }: NoticesPagePorts,
  show: Show,
) {
  async function page(more: { readonly done?: unknown; readonly refusals?: readonly Refusal[] }) {
    const now = clock()
    const all = (await announcements.latest(onPage)).map((one) => ({
      ...one,
      state: stateOf(one, now),
    }))
    const isPresent = ({ state }: (typeof all)[number]) => state === 'shown' || state === 'planned'
    return show('console/notices', {
      title: 'notices.title',
      present: all.filter(isPresent),
      past: all.filter((one) => !isPresent(one)),
      levels: announcementLevels,
      ...more,
    })
  }

  router.on('GET /notices', async (ctx) => {
    const done = ['published', 'withdrawn'].find((one) => one === ctx.query['done'])
    return { did: 'nothing', answer: await page({ done }) }
  })

  router.on('POST /notices', async (ctx) => {
    const typed = form(clock()).safeParse(ctx.state.typed)
    if (!typed.success) return refused(await page({ refusals: refusalsOf(typed.error.issues) }))
    const { textZh, textEn, ...more } = typed.data
    const notice = { text: { 'zh-CN': textZh, en: textEn }, ...more }
    const { did } = await publishNotice(notice, randomUUID(), { announcements, clock })
    return { did, answer: goTo('/notices?done=published') }
  })

  router.on('POST /notices/:id/withdraw', async (ctx) => {
    const outcome = await withdrawNotice(String(ctx['params'].id), randomUUID(), { announcements })
    if (outcome === 'unknown') return ctx.throw(404)
    if (outcome === 'ended')
      return refused(await page({ refusals: [refuse('form', 'notices.gone')] }))
    return { did: outcome.did, answer: goTo('/notices?done=withdrawn') }
  })
}

const stateOf = ({ from, to, withdrawnAt }: Announcement, now: number) =>
  withdrawnAt !== undefined ? 'withdrawn' : now >= to ? 'ended' : now < from ? 'planned' : 'shown'
