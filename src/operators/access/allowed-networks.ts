import { BlockList, isIPv6 } from 'node:net'
import type { Middleware } from 'koa'
import type { Environment } from '../../../config/environment/settings.ts'

/** Answers requests from other networks with 403 and reads nothing of them. An empty list allows all. */
export function allowedNetworks(networks: Environment['ADMIN_NETWORKS']): Middleware {
  const allowed = new BlockList()
  for (const { address, prefix, family } of networks) allowed.addSubnet(address, prefix, family)
  return async (ctx, next) => {
    // IPv4 mapped into IPv6 is checked as IPv4.
    const isAllowed = !networks.length || allowed.check(ctx.ip, isIPv6(ctx.ip) ? 'ipv6' : 'ipv4')
    if (isAllowed) return next()
    ctx.status = 403
    ctx.body = 'this network may not use the console (ADMIN_NETWORKS)\n'
  }
}
