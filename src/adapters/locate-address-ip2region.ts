import ip2region from 'ip2region'
import type { LocateAddress } from '../ports/services/locate-address.ts'

/**
 * Looks an address up in the table of the package (IPv4 and IPv6), which is read into memory once (decision 0095). A /64
 * network is looked up by its first address.
 */
export function locateAddressIp2region(): LocateAddress {
  const table = new ip2region.default()
  return (address) => {
    const found = table.search(address.replace(/\/\d+$/, ''))
    return found?.province || found?.country || undefined
  }
}
