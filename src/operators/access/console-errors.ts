import { Outage } from '../../ports/outage.ts'
import type { ShowError } from '../../web/http/error-responses.ts'
import type { Show } from './console-frame.ts'

const shown = [400, 403, 404, 410, 429, 503] as const

/** Shows an error page of the console that discloses nothing about the cause. */
export const consoleErrors =
  (show: Show): ShowError =>
  (ctx, status, error) => {
    ctx.state.locale ??= 'zh-CN'
    const alike = status === 405 ? 404 : status
    const known =
      error instanceof Outage ? 503 : (shown.find((code) => code === alike) ?? otherStatus(status))
    show('console/error', { title: `console.error.${known}.title`, known })(ctx)
    ctx.status = status
  }

const otherStatus = (status: number) => (status < 500 ? 400 : 500)
