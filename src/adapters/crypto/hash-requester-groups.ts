import { networkTimes } from '../../../config/limits/captcha-limits.ts'
import { widerNetworksOf } from '../../people/network.ts'
import type { HashRequester } from '../../ports/passwords.ts'
import type { Group } from './fair-queue.ts'

/** A carrier, a school or a household is many people behind one address: it gets so many turns where a name gets one. */
const turnsOfAddress = 8

/** The name, the address, and the networks around the address. Work of the platform itself is one group. */
export function groupsOf(by: HashRequester | undefined): readonly Group[] {
  if (!by) return [{ key: 'platform', cost: 1 }]
  const { name, address } = by
  return [
    { key: `name ${name}`, cost: 1 },
    { key: `address ${address}`, cost: 1 / turnsOfAddress },
    ...widerNetworksOf(address).map(({ kind, prefix }) => ({
      ...{ key: `network ${prefix}`, cost: 1 / (turnsOfAddress * networkTimes[kind]) },
    })),
  ]
}
