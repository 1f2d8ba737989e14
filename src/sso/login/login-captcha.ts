import type { CaptchaPage } from '../../proofs/captcha-risk.ts'
import type { Context } from '../../web/context.ts'
import { visitorOf } from '../../web/http/visitor-of.ts'
import type { WaitingInteraction } from './interaction.ts'

/** A page of the login as its captcha knows it: the page 登录, or that of the password before a code. */
export function loginCaptcha(
  ctx: Context,
  { interaction: { uid, params } }: WaitingInteraction,
  page: 'login' | 'code-sign-in' = 'login',
): CaptchaPage {
  const hint = params['login_hint']
  const name = ctx.state.typed?.['username'] ?? (typeof hint === 'string' ? hint : undefined)
  const { address } = visitorOf(ctx, false)
  const purpose = page === 'login' ? `interaction/${uid}` : `interaction/${uid}/${page}`
  return { purpose, address, flow: uid, name }
}
