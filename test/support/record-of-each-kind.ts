import { randomUUID } from 'node:crypto'
import type { adaptersOf } from './earlier-stores.ts'
import type { SamplePerson } from './people.ts'

type Adapters = Awaited<ReturnType<typeof adaptersOf>>

const request = () => ({
  caller: 'terminal-1',
  key: randomUUID(),
  content: '{"newPhone":"+8613800000000"}',
  jti: randomUUID(),
  fresh: true,
})
const terminalRequest = request()
const plannedRequest = request()
const clientId = 'library'
const caseOf = (person: SamplePerson) => ({ finding: 'mismatch', name: person.name }) as const

/** Stores a record of each kind that belongs to a person. */
export async function useEverything(
  { audit, cases, clients, idempotentRequests, oidc, signingKeys, queue }: Adapters,
  person: SamplePerson,
) {
  const accountId = randomUUID()
  await audit.record({ what: 'registered', accountId, address: '198.51.100.7' })
  const number = await cases.file(caseOf(person) as Parameters<typeof cases.file>[0])
  await clients.add(
    {
      client_id: clientId,
      redirect_uris: ['https://library.example.cn/callback'],
      token_endpoint_auth_method: 'none',
    } as unknown as Parameters<typeof clients.add>[0],
    'command',
  )
  const begun = await idempotentRequests.begin(terminalRequest)
  if (typeof begun === 'object' && 'by' in begun) await begun.finish({ status: 200, body: 'done' })
  const attempt = await idempotentRequests.begin(plannedRequest)
  if (typeof attempt === 'object' && 'by' in attempt) {
    await attempt.once(async () => 'the plan')
    await attempt.giveUp()
  }
  const [grantId, token] = [randomUUID(), randomUUID()]
  await oidc.adapterFor('Grant').upsert(grantId, { accountId, clientId, jti: grantId }, 3600)
  await oidc
    .adapterFor('RefreshToken')
    .upsert(token, { accountId, clientId, grantId, jti: token }, 3600)
  await signingKeys.add('ES256', 1, Date.now())
  await queue.add([{ kind: 'erase', accountId, due: Date.now() + 1e9 }])
  return { accountId, number, grantId, token }
}

/** Reads what `useEverything` stored. */
export async function expectEverything(
  { audit, cases, clients, idempotentRequests, oidc, signingKeys }: Adapters,
  person: SamplePerson,
  { accountId, number, grantId, token }: Awaited<ReturnType<typeof useEverything>>,
) {
  expect(await audit.latest(accountId, 9)).toMatchObject([{ address: '198.51.100.7' }])
  expect(await cases.find(number)).toMatchObject({ name: person.name })
  expect((await clients.find(clientId))?.metadata.client_id).toBe(clientId)
  expect(await clients.hasOrigin('https://library.example.cn')).toBe(true)
  expect(await idempotentRequests.begin(terminalRequest)).toEqual({
    answered: { status: 200, body: 'done' },
  })
  const again = await idempotentRequests.begin(plannedRequest)
  if (typeof again !== 'object' || !('by' in again)) throw new Error('the request was answered')
  expect(await again.once(async () => 'another plan')).toBe('the plan')
  await again.giveUp()
  const other = { ...terminalRequest, content: '{}' }
  expect(await idempotentRequests.begin(other)).toBe('other_content')
  expect(await oidc.grantsOf(accountId)).toMatchObject([{ payload: { jti: grantId } }])
  expect(await oidc.latestGrant(accountId, clientId)).toMatchObject({ jti: grantId })
  expect(await oidc.adapterFor('RefreshToken').find(token)).toMatchObject({ accountId })
  expect((await signingKeys.all()).map(({ alg }) => alg)).toContain('ES256')
}
