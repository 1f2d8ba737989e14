import { networkOf } from '../../people/network.ts'
import type { Visitor } from '../../people/visitor.ts'
import type { Context } from '../context.ts'

export const visitorOf = (ctx: Context, freshCaptcha: boolean): Visitor => ({
  address: networkOf(ctx.ip),
  browser: ctx.state.browser,
  locale: ctx.state.locale,
  freshCaptcha,
})
