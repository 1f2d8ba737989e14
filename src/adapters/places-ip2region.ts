import ip2region from 'ip2region'
import type { Places } from '../ports/services/places.ts'

/**
 * Looks an address up in the table of the package (IPv4 and IPv6), which is read into memory once (decision 0095). A /64
 * network is looked up by its first address.
 */
export function placesIp2region(): Places {
  const table = new ip2region.default()
  return (address) => {
    const found = table.search(address.replace(/\/\d+$/, ''))
    return found?.province || found?.country || undefined
  }
}
