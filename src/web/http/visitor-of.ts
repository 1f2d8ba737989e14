import { isIPv6 } from 'node:net'
import type { Visitor } from '../../people/visitor.ts'
import type { Context } from '../context.ts'

export const visitorOf = (ctx: Context, freshCaptcha: boolean): Visitor => ({
  address: networkOf(ctx.ip),
  browser: ctx.state.browser,
  locale: ctx.state.locale,
  freshCaptcha,
})

/** An IPv6 household has a /64 of addresses: they count as one. IPv4 mapped into IPv6 is IPv4. */
export function networkOf(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1]
  if (mapped) return mapped
  if (!isIPv6(ip)) return ip
  const [head = '', tail] = ip.split('%')[0]?.split('::') ?? []
  const first = head.split(':').filter(Boolean)
  const last = tail === undefined ? [] : tail.split(':').filter(Boolean)
  const gap = tail === undefined ? 0 : 8 - first.length - last.length
  const groups = [...first, ...Array<string>(gap).fill('0'), ...last]
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}
