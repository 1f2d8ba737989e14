import { createHash, createHmac } from 'node:crypto'
import { json, type Received, type Reply } from './local-server.ts'
import { carelessText } from './samples.ts'

export type AliyunRules = {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly action: string
  readonly version: string
  /** Milliseconds since 1970. */
  readonly now: number
  /** The nonces of earlier requests; each may be used once. */
  readonly nonces: Set<string>
}

/**
 * Checks a request by Aliyun's description of "V3 request structure & signature" (ACS3-HMAC-SHA256), independently of
 * the adapter. Returns the gateway's error code, or undefined for a valid request.
 */
export function aliyunRefusal(request: Received, rules: AliyunRules): string | undefined {
  const header = (name: string) => String(request.headers[name] ?? '').trim()
  const [path, query = ''] = request.url.split('?')
  if (request.method !== 'POST' || path !== '/') return 'InvalidAction.NotFound'
  if (header('x-acs-action') !== rules.action) return 'InvalidAction.NotFound'
  if (header('x-acs-version') !== rules.version) return 'InvalidVersion'
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(header('x-acs-date')))
    return 'InvalidTimeStamp.Format'
  if (Math.abs(Date.parse(header('x-acs-date')) - rules.now) > 15 * 60_000)
    return 'InvalidTimeStamp.Expired'
  const nonce = header('x-acs-signature-nonce')
  if (!nonce || rules.nonces.has(nonce)) return 'SignatureNonceUsed'
  rules.nonces.add(nonce)
  const bodyHash = createHash('sha256').update(request.body, 'utf8').digest('hex')
  if (header('x-acs-content-sha256') !== bodyHash) return 'SignatureDoesNotMatch'

  const form =
    /^ACS3-HMAC-SHA256 Credential=(?<id>[^,]+),SignedHeaders=(?<names>[a-z0-9;-]+),Signature=(?<signature>[0-9a-f]{64})$/
  const given = form.exec(header('authorization'))?.groups
  if (!given) return 'IncompleteSignature'
  if (given['id'] !== rules.accessKeyId) return 'InvalidAccessKeyId.NotFound'
  const mustBeSigned = Object.keys(request.headers)
    .filter((name) => name === 'host' || name === 'content-type' || name.startsWith('x-acs-'))
    .sort()
  if (given['names'] !== mustBeSigned.join(';')) return 'IncompleteSignature'

  const sortedQuery = query.split('&').sort().join('&')
  let canonical = `POST\n/\n${sortedQuery}\n`
  for (const name of mustBeSigned) canonical += `${name}:${header(name)}\n`
  canonical += `\n${given['names']}\n${bodyHash}`
  const canonicalHash = createHash('sha256').update(canonical, 'utf8').digest('hex')
  const mac = createHmac('sha256', Buffer.from(rules.accessKeySecret, 'utf8'))
  mac.update(`ACS3-HMAC-SHA256\n${canonicalHash}`)
  return mac.digest('hex') === given['signature'] ? undefined : 'SignatureDoesNotMatch'
}

/** Answers like the gateway: 4xx when it refuses a request, 200 for every answer of the service itself. */
export const aliyunReply =
  (rules: AliyunRules, content: object) =>
  (request: Received): Reply => {
    const refusal = aliyunRefusal(request, rules)
    return refusal
      ? json({ Code: refusal, Message: carelessText, RequestId: 'r-1' }, 400)
      : json({ ...content, RequestId: 'r-1' })
  }
