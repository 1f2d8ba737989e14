import { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider'
import { refuse } from '../../people/refusal.ts'
import type { Context } from '../../web/context.ts'
import { seeOther } from '../../web/http/see-other.ts'
import { captchaOnPage } from '../../web/page/captcha-on-page.ts'
import { type Render, setRefusalStatus } from '../../web/page/render-page.ts'
import { clientLinkOf } from '../clients/client-links.ts'
import type { Features } from '../provider/features/feature-types.ts'
import { formFieldsOf } from '../provider/form-fields.ts'
import { discardSession, formToken } from '../provider/patches/session-changes.ts'
import {
  captchaPageOf,
  codeRefusals,
  needsCaptcha,
  type UserCodePorts,
  UserCodeRefused,
} from './user-codes.ts'

export type DevicePages = Required<
  Pick<
    NonNullable<Features['deviceFlow']>,
    'userCodeInputSource' | 'userCodeConfirmSource' | 'successSource'
  >
>

/** `/device`: the page for the code that a television or a terminal shows (RFC 8628, 3.3). */
export function devicePages(
  render: Render,
  ports: UserCodePorts,
  renderError: NonNullable<Configuration['renderError']>,
): DevicePages {
  return {
    async userCodeInputSource(ctx, _form, out, error) {
      if (error?.name === 'AbortedError') return endPage(ctx, 'device.cancelled.title')
      if (out && error && !isRefusable(error)) return renderError(ctx, out, error)
      if (error && isSessionLost(ctx)) return restart(ctx)
      const page = asPage(ctx)
      const typed = formFieldsOf(ctx)
      const lost = page.state.sentCookies ? sessionExpired : cookiesMissing
      const refusals = ctx.query[retryParam] && !error ? [lost] : codeRefusalsOf(error)
      ctx.status = 200
      if (refusals.length) setRefusalStatus(page, refusals)
      render(page, 'sso/device-code', {
        title: 'device.code.title',
        ...hiddenFields(ctx),
        typed: { user_code: typed['user_code']?.slice(0, 40) },
        captcha:
          (await needsCaptcha(page, ports)) &&
          (await captchaOnPage(typed, typed['captchaId'], captchaPageOf(page), ports)),
        refusals,
      })
    },

    userCodeConfirmSource(ctx, _form, client) {
      const origin = clientLinkOf(client)
      // oidc-provider passes its own normalised form of the code, which loses full-width letters.
      const userCode = ctx.oidc.entities.DeviceCode?.userCode?.replace(/^.{4}/, '$&-')
      render(asPage(ctx), 'sso/device-confirm', {
        title: 'device.confirm.title',
        ...hiddenFields(ctx),
        userCode,
        origin,
        signingIn: true,
      })
    },

    successSource: (ctx) => endPage(ctx, 'device.done.title'),
  }

  function endPage(ctx: KoaContextWithOIDC, title: 'device.done.title' | 'device.cancelled.title') {
    ctx.status = 200
    render(asPage(ctx), 'sso/device-end', { title, system: clientLinkOf(ctx.oidc.client)?.name })
  }
}

/** The provider's routes run on the context of our app (`providerRoutes`). */
const asPage = (ctx: KoaContextWithOIDC) => ctx as unknown as Context

const hiddenFields = (ctx: KoaContextWithOIDC) => ({
  action: ctx.oidc.urlFor('code_verification'),
  xsrf: formToken(ctx),
})

const retryParam = 'again'
const sessionExpired = refuse('form', 'device.code.again')
const cookiesMissing = refuse('form', 'device.code.cookies')

const isSessionLost = ({ oidc }: KoaContextWithOIDC) => oidc.session?.exp === undefined

/** The session of the form has ended. oidc-provider stores no new one for an error page, and fails when it tries. */
function restart(ctx: KoaContextWithOIDC): void {
  discardSession(ctx.oidc.session)
  seeOther(ctx, `${ctx.oidc.urlFor('code_verification')}?${retryParam}=1`)
}

/**
 * Whether the person can solve the problem. `InvalidRequest`: another page of the same session was opened after this
 * one.
 */
const isRefusable = (error: Error) =>
  error.name in codeRefusals ||
  error instanceof UserCodeRefused ||
  error instanceof errors.InvalidRequest

function codeRefusalsOf(error: Error | undefined) {
  if (!error) return []
  if (error instanceof UserCodeRefused) return error.refusals
  return [codeRefusals[error.name] ?? sessionExpired]
}
