import { randomUUID } from 'node:crypto'
import type * as z from 'zod'
import type { Clock } from '../../../ports/clock.ts'
import { callExternalService, type ExternalService } from '../json-call.ts'
import { type AliyunAccount, aliyunAuthorization, sha256 } from './aliyun-signing.ts'

/** Without `baseUrl` the vendor's own address is used. */
export type AliyunService = AliyunAccount &
  Omit<ExternalService, 'baseUrl'> & { readonly baseUrl?: string; readonly clock: Clock }

/** Calls an RPC action with its parameters in the form body. The SDK puts them into the query, which logs may record. */
export function callAliyun<Shape extends z.ZodType>(
  service: AliyunService & { readonly baseUrl: string },
  action: { readonly name: string; readonly version: string },
  params: Readonly<Record<string, string>>,
  shape: Shape,
): Promise<z.output<Shape> | undefined> {
  const body = new URLSearchParams(params).toString()
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-acs-action': action.name,
    'x-acs-version': action.version,
    'x-acs-date': new Date(service.clock()).toISOString().replace(/\.\d+Z$/, 'Z'),
    'x-acs-signature-nonce': randomUUID(),
    'x-acs-content-sha256': sha256(body),
  }
  const { host } = new URL(service.baseUrl)
  const authorization = aliyunAuthorization(service, {
    query: '',
    headers: { ...headers, host },
    body,
  })
  const request = {
    path: '/',
    headers: { ...headers, authorization, accept: 'application/json' },
    body,
  }
  // The gateway refuses with 4xx and a `Code` (a bad key, too many requests).
  return callExternalService(
    service,
    request,
    shape,
    (status) => status === 200 || isRefusal(status),
  )
}

const isRefusal = (status: number) => status >= 400 && status < 500
