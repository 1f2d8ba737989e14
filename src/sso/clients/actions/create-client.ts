import type { ClientMetadata } from '../../../../config/client-metadata.ts'
import { notRepeated, type Once } from '../../../ports/idempotent-requests.ts'
import type {
  ClientMatter,
  ClientResult,
  GivenMetadata,
} from '../../../ports/operators/managed-clients.ts'
import { changedNames } from './changed-names.ts'
import {
  type ClientActionPorts,
  event,
  givenSecretProblems,
  type PlannedMatter,
  problem,
  withoutSecret,
} from './client-action.ts'
import { needsTwoPersons, reservedPowers } from './client-power.ts'
import { newClientDefaults, newClientId, prepareMetadata } from './prepare-metadata.ts'

type Creation = Extract<ClientMatter, { action: 'create' }>

/** The address of the form for a new client stands in place of this id. */
const reservedId = 'new'

/** 新增业务系统. The id and the secret are generated unless the metadata name an id. Null leaves a default out. */
export async function createClient(
  given: GivenMetadata,
  ports: ClientActionPorts,
  once: Once = notRepeated,
): Promise<ClientResult> {
  const plan = await once(() => planCreation(given, ports))
  if ('problems' in plan) return plan
  const { matter, isReviewed } = plan
  if (isReviewed) return { review: { kind: 'client-power', payload: matter } }
  return createAsPlanned(matter, ports)
}

async function planCreation(
  given: GivenMetadata,
  { adminOrigin, clients, providerProblem }: ClientActionPorts,
): Promise<PlannedMatter<Creation>> {
  const named = {
    ...newClientDefaults,
    ...given,
    client_id: given['client_id'] ?? newClientId(),
  }
  const own = [
    ...reservedPowers({}, named, adminOrigin),
    ...givenSecretProblems(given),
    ...(named.client_id === reservedId ? problem('client_id', 'clients.exists').problems : []),
  ]
  const prepared = await prepareMetadata(named, providerProblem)
  if ('problems' in prepared) return { problems: [...own, ...prepared.problems] }
  if (own.length) return { problems: own }
  const { metadata, secret } = prepared
  const id = metadata.client_id
  if (await clients.findAny(id)) return problem('client_id', 'clients.exists')
  const after = withoutSecret(metadata)
  const matter = { action: 'create', id, after, ...(secret && { secret }) } as const
  return { matter, isReviewed: needsTwoPersons({}, metadata) }
}

/** Adds a client that was planned or approved. Repeated, it succeeds again. */
export async function createAsPlanned(
  { after, secret }: Creation,
  ports: ClientActionPorts,
): Promise<ClientResult> {
  const given = { ...after, ...(secret && { client_secret: secret }) }
  const prepared = await prepareMetadata(given, ports.providerProblem)
  return 'problems' in prepared ? prepared : addClient(prepared.metadata, ports)
}

async function addClient(
  metadata: ClientMetadata,
  { clients }: Pick<ClientActionPorts, 'clients'>,
): Promise<ClientResult> {
  const { client_id: id, client_secret: secret } = metadata
  if ((await clients.add(metadata, 'command')) === 'exists') {
    const known = await clients.findAny(id)
    const isSame =
      known?.metadata.client_secret === secret &&
      !changedNames(known?.metadata ?? {}, metadata).length
    if (!isSame) return problem('client_id', 'clients.exists')
  }
  return { ...event('client-added', id), ...(secret && { secret }) }
}
