import * as z from 'zod'
import { type AliyunService, callAliyun } from './aliyun-call.ts'

const action = { name: 'GetCallerIdentity', version: '2015-04-01' }
const answer = z.union([
  z.object({ AccountId: z.string() }).transform(() => ({ code: 'OK' })),
  z.object({ Code: z.string() }).transform(({ Code: code }) => ({ code })),
])

/** Whether Aliyun knows the credentials: Security Token Service, which is free. Reports the code of a refusal. */
export async function identityAliyun(service: AliyunService): Promise<boolean> {
  const called = { baseUrl: 'https://sts.aliyuncs.com', ...service }
  const found = await callAliyun(called, action, {}, answer)
  if (found && found.code !== 'OK') service.report?.(found.code)
  return found?.code === 'OK'
}
