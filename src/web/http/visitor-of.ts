import { networkOf } from '../../people/network.ts'
import type { Visitor } from '../../people/visitor.ts'
import type { CaptchaLevel } from '../../ports/captchas.ts'
import type { Context } from '../context.ts'

/** @param captcha the level of the captcha that was answered, or whether one was */
export const visitorOf = (ctx: Context, captcha: CaptchaLevel | boolean | undefined): Visitor => ({
  address: networkOf(ctx.ip),
  browser: ctx.state.browser,
  locale: ctx.state.locale,
  freshCaptcha: Boolean(captcha),
  hardestCaptcha: captcha === 'hardest',
  isRemembered: (accountId) => ctx.state.device.isRemembered(accountId),
})
