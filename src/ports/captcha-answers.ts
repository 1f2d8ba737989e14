/** The answers to all captchas of the platform in the last five to ten minutes. */
export type RecentAnswers = { readonly answers: number; readonly wrong: number }

/** Counts answers to captchas, so that an attack from many networks shows in the share of wrong ones. */
export interface CaptchaAnswers {
  count(isRight: boolean): Promise<void>
  recent(): Promise<RecentAnswers>
}
