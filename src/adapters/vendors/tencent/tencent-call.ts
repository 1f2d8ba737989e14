import * as z from 'zod'
import type { Clock } from '../../../ports/clock.ts'
import { callExternalService, type ExternalService } from '../json-call.ts'
import { type TencentAccount, tencentAuthorization } from './tencent-signing.ts'

/** Without `baseUrl` the vendor's own address is used. */
export type TencentService = TencentAccount &
  Omit<ExternalService, 'baseUrl'> & { readonly baseUrl?: string; readonly clock: Clock }

type Action = {
  readonly service: string
  readonly name: string
  readonly version: string
  readonly region?: string
}

/** An error of the API itself: signature, arrears, too many requests. */
const apiError = z
  .object({ Error: z.object({ Code: z.string() }) })
  .transform(({ Error: { Code } }) => ({ errorCode: Code }))

/** The schema of an action's answer: its content, or an error code instead. */
export const tencentAnswer = <Content extends z.ZodType>(content: Content) =>
  z.object({ Response: z.union([apiError, content]) })

/** Calls an action of API 3.0. */
export function callTencent<Shape extends z.ZodType>(
  service: TencentService & { readonly baseUrl: string },
  action: Action,
  params: Readonly<Record<string, unknown>>,
  shape: Shape,
): Promise<z.output<Shape> | undefined> {
  const body = JSON.stringify(params)
  const contentType = 'application/json; charset=utf-8'
  const timestamp = Math.floor(service.clock() / 1000)
  const { host } = new URL(service.baseUrl)
  const headers = {
    authorization: tencentAuthorization(service, {
      service: action.service,
      host,
      contentType,
      timestamp,
      body,
    }),
    'content-type': contentType,
    'x-tc-action': action.name,
    'x-tc-version': action.version,
    'x-tc-timestamp': String(timestamp),
    ...(action.region && { 'x-tc-region': action.region }),
  }
  return callExternalService(service, { path: '/', headers, body }, shape)
}
