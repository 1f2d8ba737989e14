import type { Middleware } from 'koa'

const loopback = ['localhost', '127.0.0.1', '[::1]']

/**
 * Redirects a page that was opened by another loopback name (`127.0.0.1` for `localhost`) to the issuer, where cookies
 * and forms work. It applies only to loopback names on the issuer's own port: behind a proxy that sends its own name
 * for us as `Host`, a browser would be redirected forever.
 */
export function issuerHost(issuer: string): Middleware {
  const { origin, hostname, port } = new URL(issuer)
  return async (ctx, next) => {
    const isPage = ctx.method === 'GET' || ctx.method === 'HEAD'
    if (!isPage || !loopback.includes(hostname) || !isOtherName(ctx.get('Host'))) return next()
    ctx.status = 307
    // The target is never another host, since the part after the origin begins with a slash.
    ctx.set('Location', origin + new URL(ctx.url, origin).href.slice(origin.length))
    ctx.body = ''
  }

  function isOtherName(host: string): boolean {
    const asked = URL.parse(`http://${host}`)
    if (!asked || asked.hostname === hostname) return false
    return loopback.includes(asked.hostname) && asked.port === port
  }
}
