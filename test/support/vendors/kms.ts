import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { aliyunRefusal } from './aliyun.ts'
import { json, type Received, type Reply } from './local-server.ts'
import { carelessText } from './samples.ts'
import { tencentError, tencentRefusal } from './tencent-cloud.ts'

/** The keys that a KMS has, by their ids. Each has 32 bytes. */
export type KmsKeys = Readonly<Record<string, Buffer>>

export const kmsAccount = { id: 'kms-test-id', secret: 'kms-test-secret', region: 'ap-guangzhou' }

type Answer = { readonly code: string } | Readonly<Record<string, string>>

/** Both vendors name the key in the ciphertext and authenticate the context. */
function kms(keys: KmsKeys, action: string, params: Readonly<Record<string, string>>): Answer {
  const { KeyId = '', Plaintext = '', CiphertextBlob = '', EncryptionContext = '' } = params
  if (!/^\{"[^"]+":"[^"]+"\}$/.test(EncryptionContext)) return { code: 'InvalidParameter' }
  if (action === 'Encrypt') {
    const key = keys[KeyId]
    if (!key) return { code: 'Forbidden.KeyNotFound' }
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(EncryptionContext))
    const body = Buffer.concat([cipher.update(Plaintext, 'base64'), cipher.final()])
    const bytes = Buffer.concat([nonce, cipher.getAuthTag(), body])
    return { KeyId, CiphertextBlob: `${KeyId}/${bytes.toString('base64')}` }
  }
  const [id = '', ...rest] = CiphertextBlob.split('/')
  const key = keys[id]
  if (!key) return { code: 'Forbidden.KeyNotFound' }
  const bytes = Buffer.from(rest.join('/'), 'base64')
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
      .setAAD(Buffer.from(EncryptionContext))
      .setAuthTag(bytes.subarray(12, 28))
    const plain = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()])
    return { KeyId: id, Plaintext: plain.toString('base64') }
  } catch {
    return { code: 'InvalidParameter' }
  }
}

/** Answers as KMS of Alibaba Cloud (2016-01-20) does, after it has verified the signature. */
export function aliyunKms(keys: KmsKeys, now: number): (request: Received) => Reply {
  const nonces = new Set<string>()
  return (request) => {
    const action = String(request.headers['x-acs-action'])
    const account = { accessKeyId: kmsAccount.id, accessKeySecret: kmsAccount.secret }
    const rules = { ...account, action, version: '2016-01-20', now, nonces }
    const refusal = aliyunRefusal(request, rules)
    const params = Object.fromEntries(new URLSearchParams(request.body))
    const answer = refusal ? { code: refusal } : kms(keys, action, params)
    return 'code' in answer
      ? json({ Code: answer.code, Message: carelessText, RequestId: 'r-1' }, 400)
      : json({ ...answer, RequestId: 'r-1' })
  }
}

/** Answers as KMS of Tencent Cloud (2019-01-18) does, after it has verified the signature. */
export function tencentKms(keys: KmsKeys, now: number): (request: Received) => Reply {
  return (request) => {
    const action = String(request.headers['x-tc-action'])
    const account = { secretId: kmsAccount.id, secretKey: kmsAccount.secret }
    const { region } = kmsAccount
    const rules = { ...account, service: 'kms', action, version: '2019-01-18', region, now }
    const refusal = tencentRefusal(request, rules)
    const answer = refusal ? { code: refusal } : kms(keys, action, JSON.parse(request.body))
    const content = 'code' in answer ? tencentError(String(answer.code)) : answer
    return json({ Response: { ...content, RequestId: 'r-1' } })
  }
}
