import { createHash, createHmac } from 'node:crypto'

export type AliyunAccount = { readonly accessKeyId: string; readonly accessKeySecret: string }

type SignedRequest = {
  /** The query in canonical form: names sorted, values percent-encoded. */
  readonly query: string
  /** Header names in lower case. All are signed; the scheme requires it for `host`, `content-type` and `x-acs-*`. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Computes the `authorization` header of a POST to `/`: Alibaba Cloud "V3 request structure & signature", ACS3-HMAC-SHA256. */
export function aliyunAuthorization(
  { accessKeyId, accessKeySecret }: AliyunAccount,
  { query, headers, body }: SignedRequest,
): string {
  const names = Object.keys(headers).sort()
  const lines = names.map((name) => `${name}:${headers[name]?.trim()}\n`).join('')
  const signed = names.join(';')
  const canonical = ['POST', '/', query, lines, signed, sha256(body)].join('\n')
  const signature = createHmac('sha256', accessKeySecret)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest('hex')
  return `ACS3-HMAC-SHA256 Credential=${accessKeyId},SignedHeaders=${signed},Signature=${signature}`
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
