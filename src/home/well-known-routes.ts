import Router from '@koa/router'
import type { Context } from 'koa'
import type { Clock } from '../ports/clock.ts'
import type { WebState } from '../web/context.ts'
import { seeOther } from '../web/http/see-other.ts'

type WellKnownSettings = {
  readonly issuer: string
  /** A URI; without it, security.txt does not exist. */
  readonly securityContact: string | undefined
  readonly clock: Clock
}

/** Well-known URIs (RFC 8615) and robots.txt. They come before the middleware that sets cookies. */
export function wellKnownRoutes({ issuer, securityContact, clock }: WellKnownSettings) {
  const router = new Router<WebState>()

  // A Well-Known URL for Changing Passwords (W3C), 3.
  router.get('/.well-known/change-password', (ctx) => {
    seeOther(ctx, '/account/password')
  })

  router.get(securityTxt, (ctx) => {
    if (!securityContact) return ctx.throw(404)
    return sendText(ctx, [
      `Contact: ${securityContact}`,
      `Expires: ${expiryAfter(clock())}`,
      'Preferred-Languages: zh, en',
      `Canonical: ${issuer}${securityTxt}`,
    ])
  })

  router.get('/robots.txt', (ctx) => sendText(ctx, robots))

  return router
}

const securityTxt = '/.well-known/security.txt'
const dayInMs = 24 * 3600 * 1000

/** RFC 9116, 2.5.5: less than a year ahead. Midnight of a day, so that the file stays the same for a day. */
function expiryAfter(now: number): string {
  const midnight = now - (now % dayInMs)
  return new Date(midnight + 180 * dayInMs).toISOString().replace('.000Z', 'Z')
}

/** RFC 9309. The other pages begin or continue a person's own flow, which a crawler cannot use. */
const robots = [
  'User-agent: *',
  ...['/$', '/help', '/privacy', '/terms', '/assets/'].map((path) => `Allow: ${path}`),
  'Disallow: /',
]

function sendText(ctx: Context, lines: readonly string[]): void {
  ctx.type = 'text/plain; charset=utf-8'
  ctx.set('Cache-Control', 'public, max-age=3600')
  ctx.body = `${lines.join('\n')}\n`
}
