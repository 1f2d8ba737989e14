import type { Policy } from '../../config/limits-and-lifetimes.ts'
import type { RecentAnswers } from '../ports/captcha-answers.ts'
import { type CaptchaLevel, captchaLevels } from '../ports/captchas.ts'

/** The known facts about the risk of a page, each number within the window of its rule. */
export type CaptchaRisk = {
  /** Wrong captchas of the network address, the networks around it, and the flow. */
  readonly wrong: {
    readonly address: number
    readonly network: number
    readonly site: number
    readonly flow: number
  }
  /** Wrong passwords for the typed name, and wrong secrets of the address. */
  readonly refused: { readonly name: number; readonly address: number }
  readonly platform: RecentAnswers
}

/**
 * The level of a captcha: as easy as the risk allows. A high share of wrong answers on the whole platform makes every
 * picture one level harder, but never asks people without failures of their own for a second check.
 */
export function captchaLevel(
  { wrong, refused, platform }: CaptchaRisk,
  { levels, share }: Policy['captcha'],
): CaptchaLevel {
  const rank = Math.max(
    rankOf(wrong.address, levels.wrong.address),
    rankOf(wrong.network, levels.wrong.network),
    rankOf(wrong.site, levels.wrong.site),
    rankOf(wrong.flow, levels.wrong.address),
    rankOf(refused.name, levels.refused.name),
    rankOf(refused.address, levels.refused.address),
  )
  const isAttacked =
    platform.answers >= share.answers && platform.wrong >= share.wrong * platform.answers
  const raised = isAttacked ? Math.max(rank, Math.min(rank + 1, hard)) : rank
  return captchaLevels[raised] ?? 'hardest'
}

const hard = captchaLevels.indexOf('hard')

/** The number of thresholds that a count has reached. */
const rankOf = (count: number, thresholds: readonly number[]): number =>
  thresholds.filter((threshold) => count >= threshold).length
