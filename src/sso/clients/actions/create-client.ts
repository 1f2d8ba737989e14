import type { ClientMetadata } from '../../../../config/client-metadata.ts'
import type { ClientResult, GivenMetadata } from '../../../ports/operators/managed-clients.ts'
import { changedNames } from './changed-names.ts'
import {
  type ClientActionPorts,
  event,
  givenSecretProblems,
  problem,
  withoutSecret,
} from './client-action.ts'
import { needsTwoPersons, reservedPowers } from './client-power.ts'
import { newClientDefaults, newClientId, prepareMetadata } from './prepare-metadata.ts'

/** The address of the form for a new client stands in place of this id. */
const reservedId = 'new'

/** 新增业务系统. The id and the secret are generated unless the metadata name an id. Null leaves a default out. */
export async function createClient(
  given: GivenMetadata,
  ports: ClientActionPorts,
): Promise<ClientResult> {
  const { adminOrigin, clients, providerProblem } = ports
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
  if (needsTwoPersons({}, metadata)) {
    const after = withoutSecret(metadata)
    const payload = { action: 'create', id, after, ...(secret && { secret }) } as const
    return { review: { kind: 'client-power', payload } }
  }
  return addClient(metadata, ports)
}

/** Adds a client whose metadata were checked. Repeated after an approval, it succeeds again. */
export async function addClient(
  metadata: ClientMetadata,
  { clients }: Pick<ClientActionPorts, 'clients'>,
  isRepeated = false,
): Promise<ClientResult> {
  const { client_id: id, client_secret: secret } = metadata
  if ((await clients.add(metadata, 'command')) === 'exists') {
    const known = isRepeated ? await clients.findAny(id) : undefined
    const isSame =
      known?.metadata.client_secret === secret &&
      !changedNames(known?.metadata ?? {}, metadata).length
    if (!isSame) return problem('client_id', 'clients.exists')
  }
  return { ...event('client-added', id), ...(secret && { secret }) }
}
