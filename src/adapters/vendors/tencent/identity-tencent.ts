import * as z from 'zod'
import { callTencent, type TencentService, tencentAnswer } from './tencent-call.ts'

const action = {
  service: 'sts',
  name: 'GetCallerIdentity',
  version: '2018-08-13',
  region: 'ap-guangzhou',
}
const answer = tencentAnswer(
  z.object({ AccountId: z.string() }).transform(() => ({ errorCode: undefined })),
)

/** Whether Tencent Cloud knows the credentials: Security Token Service, which is free. Reports the code of a refusal. */
export async function identityTencent(service: TencentService): Promise<boolean> {
  const called = { baseUrl: 'https://sts.tencentcloudapi.com', ...service }
  const found = await callTencent(called, action, {}, answer)
  const code = found?.Response.errorCode
  if (code) service.report?.(code)
  return found !== undefined && !code
}
