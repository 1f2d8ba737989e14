import ip2region from 'ip2region'
import type { Places } from '../ports/services/places.ts'

/** The table of the package, IPv4 and IPv6, read into memory once (decision 0095). Of a /64 its first address is looked up. */
export function placesIp2region(): Places {
  const table = new ip2region.default()
  return (address) => {
    const found = table.search(address.replace(/\/\d+$/, ''))
    return found?.province || found?.country || undefined
  }
}
