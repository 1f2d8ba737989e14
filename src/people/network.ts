import { isIP, isIPv6 } from 'node:net'

/** The network address for limits: an IPv6 household has a /64, which counts as one. IPv4 mapped into IPv6 is IPv4. */
export function networkOf(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1]
  if (mapped) return mapped
  return isIPv6(ip) ? prefixOf(groupsOf(ip), 64) : ip
}

/** A network around an address. `network` is what one subscriber has, `site` what one organisation may have. */
export type WiderNetwork = { readonly kind: 'network' | 'site'; readonly prefix: string }

/**
 * The networks around an address that `networkOf` returned, the smallest first: the IPv4 /24; the IPv6 /56 and /48
 * (RFC 6177). Any other text, e.g. an operator's name, has none.
 */
export function widerNetworksOf(address: string): readonly WiderNetwork[] {
  const slash24 = /^(\d+\.\d+\.\d+)\.\d+$/.exec(address)?.[1]
  if (slash24) return [{ kind: 'network', prefix: `${slash24}.0/24` }]
  const slash64 = /^(.+)\/64$/.exec(address)?.[1]
  if (!slash64 || !isIPv6(slash64)) return []
  const groups = groupsOf(slash64)
  return [
    { kind: 'network', prefix: prefixOf(groups, 56) },
    { kind: 'site', prefix: prefixOf(groups, 48) },
  ]
}

/**
 * The address or network that a person names, as `networkOf` and `widerNetworksOf` write it: `203.0.113.7`,
 * `203.0.113.0/24`, `2001:db8::1`, `2001:db8::/48`. Any other text stays as it is. Undefined for a network of another size.
 */
export function namedNetwork(text: string): string | undefined {
  const [ip = '', bits] = text.split('/')
  if (!isIP(ip)) return text
  const address = networkOf(ip)
  if (bits === undefined) return address
  const networks = [address, ...widerNetworksOf(address).map(({ prefix }) => prefix)]
  return networks.find((network) => network.endsWith(`/${bits}`))
}

/** The smallest network around an address, or the address if there is none. */
export const networkAround = (address: string): string =>
  widerNetworksOf(address)[0]?.prefix ?? address

function groupsOf(ip: string): readonly number[] {
  const [head = '', tail] = ip.split('%')[0]?.split('::') ?? []
  const first = head.split(':').filter(Boolean)
  const last = tail === undefined ? [] : tail.split(':').filter(Boolean)
  const gap = tail === undefined ? 0 : 8 - first.length - last.length
  const groups = [...first, ...Array<string>(gap).fill('0'), ...last]
  return groups.map((group) => Number.parseInt(group, 16))
}

/** Whole groups of a prefix, and of the last one only the bits that belong to it. */
function prefixOf(groups: readonly number[], bits: number): string {
  const kept = groups.slice(0, Math.ceil(bits / 16)).map((group, n) => {
    const hidden = Math.max(0, (n + 1) * 16 - bits)
    return ((group >> hidden) << hidden).toString(16)
  })
  return `${kept.join(':')}::/${bits}`
}
