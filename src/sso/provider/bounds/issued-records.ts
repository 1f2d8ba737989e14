import { type AdapterPayload, Provider } from 'oidc-provider'
import type { Policy } from '../../../../config/limits-and-lifetimes.ts'
import { networkOf } from '../../../people/network.ts'
import type { Limits } from '../../../ports/limits.ts'
import { isPublic } from '../../clients/pkce-requirement.ts'
import { TooManyRequests } from './too-many-requests.ts'

export type IssuedRecordPorts = {
  readonly limits: Limits
  readonly policy: Pick<Policy, 'issuedRecords'>
}

/**
 * Bounds what the browsers at an address make us store without any page: a signed-in person's script can get codes as fast
 * as we answer, each with up to 8 kB of parameters, and a public client's can renew its tokens. The server of a
 * confidential client exchanges codes that were counted when they were issued.
 */
export async function countIssuedRecord(
  model: string,
  payload: AdapterPayload,
  { limits, policy }: IssuedRecordPorts,
): Promise<void> {
  const { ctx } = Provider
  if (!ctx) return
  const { perAddress, each, times } = policy.issuedRecords
  const { client, params } = ctx.oidc
  const isRenewed =
    model === 'AccessToken' &&
    params?.['grant_type'] === 'refresh_token' &&
    client &&
    isPublic(client)
  if (model !== 'AuthorizationCode' && !isRenewed) return
  const amount = (JSON.stringify(payload).length + each) * times
  const subject = networkOf(ctx.ip)
  const taken = await limits.take([{ name: 'issued.address', subject, ...perAddress, amount }])
  if (!taken.ok) throw new TooManyRequests(ctx, taken.retryAfter, 'too many requests')
}
