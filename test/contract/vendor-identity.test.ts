import { identityAliyun } from '../../src/adapters/vendors/aliyun/identity-aliyun.ts'
import type { ExternalService } from '../../src/adapters/vendors/json-call.ts'
import { identityTencent } from '../../src/adapters/vendors/tencent/identity-tencent.ts'
import { aliyunReply } from '../support/vendors/aliyun.ts'
import { type Adapter, onLine } from '../support/vendors/network.ts'
import { tencentReply } from '../support/vendors/tencent-cloud.ts'

const now = Date.UTC(2026, 10, 23, 23, 59, 58)
const clock = () => now
const key = 'the-right-key'
const word = (isKnown: Promise<boolean>) => isKnown.then((known) => (known ? 'known' : 'refused'))

const aliyun = (service: ExternalService, accessKeySecret: string) =>
  word(identityAliyun({ ...service, accessKeyId: 'LTAI-test', accessKeySecret, clock }))
const tencent = (service: ExternalService, secretKey: string) =>
  word(identityTencent({ ...service, secretId: 'AKID-test', secretKey, clock }))

const vendors: Readonly<
  Record<string, Pick<Adapter, 'well'> & { ask: typeof aliyun; badSignature: string }>
> = {
  aliyun: {
    ask: aliyun,
    well: aliyunReply(
      {
        ...{ accessKeyId: 'LTAI-test', accessKeySecret: key, nonces: new Set(), now },
        ...{ action: 'GetCallerIdentity', version: '2015-04-01' },
      },
      { AccountId: '1234567890', Arn: 'acs:ram::1234567890:user/uup' },
    ),
    badSignature: 'SignatureDoesNotMatch',
  },
  tencent: {
    ask: tencent,
    well: tencentReply(
      {
        ...{ secretId: 'AKID-test', secretKey: key, service: 'sts', now },
        ...{ action: 'GetCallerIdentity', version: '2018-08-13', region: 'ap-guangzhou' },
      },
      { AccountId: '1234567890', Type: 'SubAccount' },
    ),
    badSignature: 'AuthFailure.SignatureFailure',
  },
}

test.each(Object.entries(vendors))(
  '%s says whether it knows the credentials',
  async (_, { ask, well, badSignature }) => {
    await onLine({ ask: (service) => ask(service, key), well }, async ({ ask, reports }) => {
      expect([await ask(), reports]).toEqual(['known', []])
    })
    const wrong = { ask: (service: ExternalService) => ask(service, 'another-key'), well }
    await onLine(wrong, async ({ ask, server, reports }) => {
      expect([await ask(), reports]).toEqual(['refused', [badSignature]])
      server.answer(well, 'breaks the JSON')
      expect([await ask(), reports.at(-1)]).toEqual(['refused', 'unreadable'])
    })
  },
)
