import type { Sentence } from '../../../config/sentences.ts'

/** 提示, 重要. */
export const announcementLevels = ['info', 'important'] as const
export type AnnouncementLevel = (typeof announcementLevels)[number]

/** 公告: a text on top of the citizens' pages. Times are in ms since 1970. */
export type Announcement = {
  readonly id: string
  readonly text: Sentence
  readonly level: AnnouncementLevel
  readonly from: number
  /** The first moment at which it is not shown any more. */
  readonly to: number
  readonly publishedAt: number
  /** The time of 撤下. */
  readonly withdrawnAt?: number
}

export type NewAnnouncement = Pick<Announcement, 'id' | 'text' | 'level' | 'from' | 'to'>

/** Announcements are kept for `policy.operators.announcements` after their end. */
export interface Announcements {
  /**
   * Those that are shown now, the important ones first. It reads a copy in memory, in which the changes of other processes
   * arrive within `polledEvery`.
   */
  shown(): readonly Announcement[]
  /** The latest first. */
  latest(most: number): Promise<readonly Announcement[]>
  find(id: string): Promise<Announcement | undefined>
  /** Returns the announcement; one with this id that was published before stays as it is. */
  publish(announcement: NewAnnouncement): Promise<Announcement>
  /** False if it is unknown, was withdrawn before by another request, or has ended. `by` names the request. */
  withdraw(id: string, by: string): Promise<boolean>
}
