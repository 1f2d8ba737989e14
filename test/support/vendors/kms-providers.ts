import { kmsAliyun } from '../../../src/adapters/vendors/aliyun/kms-aliyun.ts'
import { keyProviderKms } from '../../../src/adapters/vendors/key-provider-kms.ts'
import { kmsTencent } from '../../../src/adapters/vendors/tencent/kms-tencent.ts'
import type { KeyProvider } from '../../../src/ports/services/key-provider.ts'
import { aliyunKms, kmsAccount, tencentKms } from './kms.ts'

const now = Date.UTC(2026, 10, 23, 23, 59, 58)
const clock = () => now

type Line = {
  readonly baseUrl: string
  readonly keyId: string
  readonly secret?: string
  readonly report?: (problem: string) => void
  /** Seconds for a call. */
  readonly timeout?: number
}

const providerOf = (
  name: 'aliyun-kms' | 'tencent-kms',
  { baseUrl, keyId, secret = kmsAccount.secret, report, timeout = 60 }: Line,
): KeyProvider => {
  const service = { baseUrl, keyId, report, timeout, clock }
  const { id, region } = kmsAccount
  const kms = {
    'aliyun-kms': () => kmsAliyun({ ...service, accessKeyId: id, accessKeySecret: secret }),
    'tencent-kms': () => kmsTencent({ ...service, secretId: id, secretKey: secret, region }),
  }
  const rule = { failures: 5, rest: 15, clock }
  return keyProviderKms(name, 'KMS_SETTINGS', kms[name](), [0, 0], rule)
}

/** Each KMS that the platform can use: its adapter, and a server that behaves like it. */
export const kmsVendors = {
  'aliyun-kms': {
    provider: (line: Line) => providerOf('aliyun-kms', line),
    server: (keys: Parameters<typeof aliyunKms>[0]) => aliyunKms(keys, now),
    badSignature: 'SignatureDoesNotMatch',
  },
  'tencent-kms': {
    provider: (line: Line) => providerOf('tencent-kms', line),
    server: (keys: Parameters<typeof tencentKms>[0]) => tencentKms(keys, now),
    badSignature: 'AuthFailure.SignatureFailure',
  },
}
