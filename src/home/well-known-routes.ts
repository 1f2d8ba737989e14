import Router from '@koa/router'
import type { Context } from 'koa'
import type { Clock } from '../ports/clock.ts'
import type { WebState } from '../web/context.ts'
import { seeOther } from '../web/http/see-other.ts'

type Surroundings = {
  readonly issuer: string
  /** A URI; without it there is no security.txt. */
  readonly securityContact: string | undefined
  readonly clock: Clock
}

/** Addresses that programs look for. They set no cookies. */
export function wellKnownRoutes({ issuer, securityContact, clock }: Surroundings) {
  const router = new Router<WebState>()

  // A Well-Known URL for Changing Passwords (W3C), 3.
  router.get('/.well-known/change-password', (ctx) => {
    seeOther(ctx, '/account/password')
  })

  router.get(securityTxt, (ctx) => {
    if (!securityContact) return ctx.throw(404)
    return answer(ctx, [
      `Contact: ${securityContact}`,
      `Expires: ${expiryAfter(clock())}`,
      'Preferred-Languages: zh, en',
      `Canonical: ${issuer}${securityTxt}`,
    ])
  })

  router.get('/robots.txt', (ctx) => answer(ctx, robots))

  return router
}

const securityTxt = '/.well-known/security.txt'
const day = 24 * 3600 * 1000

/** RFC 9116, 2.5.5: less than a year ahead. A whole day, so that the file stays the same for that long. */
function expiryAfter(now: number): string {
  const midnight = now - (now % day)
  return new Date(midnight + 180 * day).toISOString().replace('.000Z', 'Z')
}

/** RFC 9309. Everything but these pages begins or continues somebody's own flow, which a crawler cannot use. */
const robots = [
  'User-agent: *',
  ...['/$', '/help', '/privacy', '/terms', '/assets/'].map((path) => `Allow: ${path}`),
  'Disallow: /',
]

function answer(ctx: Context, lines: readonly string[]): void {
  ctx.type = 'text/plain; charset=utf-8'
  ctx.set('Cache-Control', 'public, max-age=3600')
  ctx.body = `${lines.join('\n')}\n`
}
