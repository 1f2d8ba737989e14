import * as z from 'zod'
import { decryptParams, encryptParams, type Kms, kmsProblem } from '../kms.ts'
import { callTencent, type TencentService, tencentAnswer } from './tencent-call.ts'

const encrypted = tencentAnswer(z.object({ KeyId: z.string(), CiphertextBlob: z.string() }))
const decrypted = tencentAnswer(z.object({ Plaintext: z.base64() }))

/** Codes of API 3.0 and of KMS after which a call may be repeated. */
const unavailable = /^(InternalError|RequestLimitExceeded|LimitExceeded|ResourceInsufficient)/

type KmsTencentService = TencentService & {
  readonly baseUrl: string
  readonly keyId: string
  readonly region: string
}

/** 腾讯云密钥管理系统, Encrypt and Decrypt. Decrypt finds the key itself, also one that `keyId` named earlier. */
export function kmsTencent(service: KmsTencentService): Kms {
  const action = (name: string) => ({
    service: 'kms',
    name,
    version: '2019-01-18',
    region: service.region,
  })
  return {
    async encrypt(plain, context) {
      const params = encryptParams(service.keyId, plain, context)
      const answer = (await callTencent(service, action('Encrypt'), params, encrypted))?.Response
      if (!answer || 'errorCode' in answer) return kmsProblem(answer?.errorCode, unavailable)
      return { result: { keyVersion: answer.KeyId, wrapped: answer.CiphertextBlob } }
    },
    async decrypt(wrapped, context) {
      const params = decryptParams(wrapped, context)
      const answer = (await callTencent(service, action('Decrypt'), params, decrypted))?.Response
      if (!answer || 'errorCode' in answer) return kmsProblem(answer?.errorCode, unavailable)
      return { result: Buffer.from(answer.Plaintext, 'base64') }
    },
  }
}
