import { createHash, createHmac } from 'node:crypto'

export type TencentAccount = { readonly secretId: string; readonly secretKey: string }

type SignedRequest = {
  /** The product's name, which is the first label of its host name. */
  readonly service: string
  readonly host: string
  readonly contentType: string
  /** Seconds since 1970, as in `x-tc-timestamp`. */
  readonly timestamp: number
  readonly body: string
}

/** Computes the `authorization` header of a POST to `/`: Tencent Cloud API 3.0 "Signature v3", TC3-HMAC-SHA256. */
export function tencentAuthorization(
  { secretId, secretKey }: TencentAccount,
  { service, host, contentType, timestamp, body }: SignedRequest,
): string {
  const headers = `content-type:${contentType.toLowerCase()}\nhost:${host.toLowerCase()}\n`
  const signed = 'content-type;host'
  const canonical = ['POST', '/', '', headers, signed, sha256(body)].join('\n')
  const date = new Date(timestamp * 1000).toISOString().slice(0, 10)
  const scope = `${date}/${service}/tc3_request`
  const toSign = ['TC3-HMAC-SHA256', timestamp, scope, sha256(canonical)].join('\n')
  const key = [date, service, 'tc3_request'].reduce(
    (derived, part) => hmac(derived, part),
    Buffer.from(`TC3${secretKey}`),
  )
  const signature = hmac(key, toSign).toString('hex')
  return `TC3-HMAC-SHA256 Credential=${secretId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest()
