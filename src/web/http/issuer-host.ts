import type { Middleware } from 'koa'

const loopback = ['localhost', '127.0.0.1', '[::1]']

/**
 * Leads a page that was opened by another name of this machine (`127.0.0.1` for `localhost`) to the issuer, where its
 * cookies and forms work. Only between names of loopback and only on the issuer's own port: a proxy that passes its own
 * name for us on would lead a browser in a circle.
 */
export function issuerHost(issuer: string): Middleware {
  const { origin, hostname, port } = new URL(issuer)
  return async (ctx, next) => {
    const isPage = ctx.method === 'GET' || ctx.method === 'HEAD'
    if (!isPage || !loopback.includes(hostname) || !isOtherName(ctx.get('Host'))) return next()
    ctx.status = 307
    // Never another host: what comes after the origin begins with a slash.
    ctx.set('Location', origin + new URL(ctx.url, origin).href.slice(origin.length))
    ctx.body = ''
  }

  function isOtherName(host: string): boolean {
    const asked = URL.parse(`http://${host}`)
    if (!asked || asked.hostname === hostname) return false
    return loopback.includes(asked.hostname) && asked.port === port
  }
}
