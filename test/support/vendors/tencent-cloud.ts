import { createHash, createHmac } from 'node:crypto'
import { json, type Received, type Reply } from './local-server.ts'
import { carelessText } from './samples.ts'

export type TencentRules = {
  readonly secretId: string
  readonly secretKey: string
  readonly service: string
  readonly action: string
  readonly version: string
  readonly region?: string
  /** Milliseconds since 1970. */
  readonly now: number
}

/**
 * Checks a request by Tencent Cloud's description of "Signature v3" (TC3-HMAC-SHA256), independently of the adapter.
 * Returns the error code of API 3.0, or undefined for a valid request.
 */
export function tencentRefusal(request: Received, rules: TencentRules): string | undefined {
  const header = (name: string) => String(request.headers[name] ?? '')
  if (request.method !== 'POST' || request.url !== '/') return 'InvalidRequest'
  if (header('x-tc-action') !== rules.action) return 'InvalidAction'
  if (header('x-tc-version') !== rules.version) return 'NoSuchVersion'
  if (header('x-tc-region') !== (rules.region ?? '')) return 'UnsupportedRegion'
  if (!/^\d{10}$/.test(header('x-tc-timestamp'))) return 'MissingParameter'
  if (Math.abs(Number(header('x-tc-timestamp')) - rules.now / 1000) > 300)
    return 'AuthFailure.SignatureExpire'

  const form =
    /^TC3-HMAC-SHA256 Credential=(?<id>[^/]+)\/(?<date>[\d-]+)\/(?<service>\w+)\/tc3_request, SignedHeaders=(?<names>[a-z;-]+), Signature=(?<signature>[0-9a-f]{64})$/
  const given = form.exec(header('authorization'))?.groups
  if (!given) return 'AuthFailure.InvalidAuthorization'
  if (given['id'] !== rules.secretId) return 'AuthFailure.SecretIdNotFound'
  const names = given['names']?.split(';') ?? []
  if (!names.includes('host') || !names.includes('content-type'))
    return 'AuthFailure.InvalidAuthorization'
  const utcDate = new Date(Number(header('x-tc-timestamp')) * 1000).toISOString().split('T')[0]
  if (given['date'] !== utcDate || given['service'] !== rules.service)
    return 'AuthFailure.SignatureFailure'

  let canonical = 'POST\n/\n\n'
  for (const name of [...names].sort())
    canonical += `${name}:${header(name).trim().toLowerCase()}\n`
  canonical += `\n${given['names']}\n${hex(request.body)}`
  let stringToSign = 'TC3-HMAC-SHA256\n'
  stringToSign += `${header('x-tc-timestamp')}\n`
  stringToSign += `${given['date']}/${given['service']}/tc3_request\n`
  stringToSign += hex(canonical)
  const secretDate = mac(`TC3${rules.secretKey}`, given['date'] ?? '')
  const secretService = mac(secretDate, given['service'] ?? '')
  const secretSigning = mac(secretService, 'tc3_request')
  const right = mac(secretSigning, stringToSign).toString('hex')
  return right === given['signature'] ? undefined : 'AuthFailure.SignatureFailure'
}

/** Answers like API 3.0: always 200 with `Response`. */
export const tencentReply =
  (rules: TencentRules, content: object) =>
  (request: Received): Reply => {
    const refusal = tencentRefusal(request, rules)
    return json({ Response: { ...(refusal ? tencentError(refusal) : content), RequestId: 'r-1' } })
  }

export const tencentError = (code: string) => ({ Error: { Code: code, Message: carelessText } })

const hex = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')
const mac = (key: string | Buffer, text: string) =>
  createHmac('sha256', key).update(text, 'utf8').digest()
