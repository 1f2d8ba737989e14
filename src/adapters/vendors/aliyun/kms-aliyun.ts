import * as z from 'zod'
import { decryptParams, encryptParams, type Kms, kmsProblem } from '../kms.ts'
import { type AliyunService, callAliyun } from './aliyun-call.ts'

/** A refusal comes without the other fields (KMS API 2016-01-20, "Error codes"). */
const refusal = z.object({ Code: z.string() })
const encrypted = z.object({ KeyId: z.string(), CiphertextBlob: z.string() })
const decrypted = z.object({ Plaintext: z.base64() })

const unavailable = /^(Throttling|ServiceUnavailable|InternalFailure|InternalError)/
const version = '2016-01-20'

/** 阿里云密钥管理服务, Encrypt and Decrypt. Decrypt finds the key itself, also one that `keyId` named earlier. */
export function kmsAliyun(
  service: AliyunService & { readonly baseUrl: string; readonly keyId: string },
): Kms {
  return {
    async encrypt(plain, context) {
      const params = encryptParams(service.keyId, plain, context)
      const action = { name: 'Encrypt', version }
      const answer = await callAliyun(service, action, params, z.union([encrypted, refusal]))
      if (!answer || 'Code' in answer) return kmsProblem(answer?.Code, unavailable)
      return { result: { keyVersion: answer.KeyId, wrapped: answer.CiphertextBlob } }
    },
    async decrypt(wrapped, context) {
      const params = decryptParams(wrapped, context)
      const action = { name: 'Decrypt', version }
      const answer = await callAliyun(service, action, params, z.union([decrypted, refusal]))
      if (!answer || 'Code' in answer) return kmsProblem(answer?.Code, unavailable)
      return { result: Buffer.from(answer.Plaintext, 'base64') }
    },
  }
}
