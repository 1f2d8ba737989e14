import { locateAddressIp2region } from '../../src/adapters/locate-address-ip2region.ts'

const locateAddress = locateAddressIp2region()

test.each([
  ['219.133.40.1', '广东省'],
  ['240e:3b2:1:2::/64', '广东省'],
  ['203.198.0.1', '香港'],
  ['1.1.1.1', '澳大利亚'],
])('%s is located in %s', (address, place) => expect(locateAddress(address)).toBe(place))

test.each(['127.0.0.1', '10.1.2.3', '192.168.1.1', '::1', 'fe80:0:0:0::/64', 'root@desk', ''])(
  '%s has no location',
  (address) => expect(locateAddress(address)).toBeUndefined(),
)
