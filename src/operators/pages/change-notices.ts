import * as z from 'zod'
import type { MessageCode } from '../../../config/messages.ts'
import { codePoints, field } from '../../people/fields/field.ts'
import type { Clock } from '../../ports/clock.ts'
import type {
  Announcement,
  Announcements,
  NewAnnouncement,
} from '../../ports/operators/announcements.ts'
import type { Deed } from '../access/record-deeds.ts'

export type ChangeNoticesPorts = {
  readonly announcements: Pick<Announcements, 'find' | 'publish' | 'withdraw'>
  readonly clock: Clock
}

export const mostInNotice = 500

/** A text of a notice. A line break becomes a space: a notice is one paragraph. */
export const noticeText = (missing: MessageCode) =>
  z
    .string({ error: missing })
    .transform((typed) => typed.replace(/\s*\r?\n\s*/g, ' '))
    .pipe(
      field(missing, (typed, reject) =>
        codePoints(typed) > mostInNotice ? reject('notices.long', { most: mostInNotice }) : typed,
      ),
    )

/**
 * 发布. A notice without a beginning is shown from now on.
 * @param by names the request, which publishes one notice however often it is repeated
 */
export async function publishNotice(
  {
    from,
    ...notice
  }: Omit<NewAnnouncement, 'id' | 'from'> & { readonly from?: number | undefined },
  by: string,
  { announcements, clock }: ChangeNoticesPorts,
): Promise<{ readonly published: Announcement; readonly did: Deed }> {
  const published = await announcements.publish({ id: by, from: from ?? clock(), ...notice })
  const { id: target, level: detail } = published
  return { published, did: { what: 'notice-published', target, detail } }
}

/** 撤下. `ended`: it was withdrawn before, by another request, or is over. */
export async function withdrawNotice(
  id: string,
  by: string,
  { announcements }: Pick<ChangeNoticesPorts, 'announcements'>,
): Promise<{ readonly did: Deed } | 'unknown' | 'ended'> {
  if (!(await announcements.find(id))) return 'unknown'
  if (!(await announcements.withdraw(id, by))) return 'ended'
  return { did: { what: 'notice-withdrawn', target: id } }
}
