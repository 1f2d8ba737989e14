import type { ClientMetadata } from '../../../../config/client-metadata.ts'
import type {
  ClientMatter,
  ClientResult,
  GivenMetadata,
} from '../../../ports/operators/managed-clients.ts'
import type { StoredClient } from '../../../ports/sso/clients.ts'
import { changedNames } from './changed-names.ts'
import {
  type ClientActionPorts,
  changing,
  event,
  givenSecretProblems,
  overtaken,
  problem,
  withoutSecret,
} from './client-action.ts'
import { needsTwoPersons, reservedPowers } from './client-power.ts'
import { prepareMetadata } from './prepare-metadata.ts'

/** Changes the given metadata of a client; null removes a name. */
export const changeClient = (
  id: string,
  given: GivenMetadata,
  seen: string | undefined,
  ports: ClientActionPorts,
): Promise<ClientResult> =>
  changing(id, seen, ports, async (known) => {
    const own = [
      ...reservedPowers(known.metadata, { ...known.metadata, ...given }, ports.adminOrigin),
      ...((given['client_id'] ?? id) === id
        ? []
        : problem('client_id', 'clients.idStays').problems),
      ...givenSecretProblems(given),
    ]
    const whole = { ...known.metadata, ...given, ...secretOf(known), client_id: id }
    const prepared = await prepareMetadata(whole, ports.providerProblem)
    if ('problems' in prepared) return { problems: [...own, ...prepared.problems] }
    if (own.length) return { problems: own }
    const { metadata, secret } = prepared
    if (!changedNames(known.metadata, metadata).length) return problem('form', 'clients.unchanged')
    if (!needsTwoPersons(known.metadata, metadata))
      return replaceMetadata(known, metadata, secret, ports)
    const [before, after] = [withoutSecret(known.metadata), withoutSecret(metadata)]
    const payload = { action: 'change', id, before, after, ...(secret && { secret }) } as const
    return { review: { kind: 'client-power', payload } }
  })

/** Carries out an approved change, unless the client has changed since it was asked for. */
export const changeAsApproved = (
  { id, before, after, secret }: Extract<ClientMatter, { action: 'change' }>,
  ports: ClientActionPorts,
): Promise<ClientResult> =>
  changing(id, undefined, ports, async (known) => {
    const present = withoutSecret(known.metadata)
    const event = changeEvent(id, before, after)
    // The process died after the change: it is done.
    if (!changedNames(present, after).length) return { ...event, ...(secret && { secret }) }
    if (changedNames(present, before).length) return overtaken
    const whole = { ...after, ...secretOf(known), ...(secret && { client_secret: secret }) }
    const prepared = await prepareMetadata(whole, ports.providerProblem)
    if ('problems' in prepared) return prepared
    return replaceMetadata(known, prepared.metadata, secret, ports)
  })

async function replaceMetadata(
  known: StoredClient,
  metadata: ClientMetadata,
  secret: string | undefined,
  { clients }: Pick<ClientActionPorts, 'clients'>,
): Promise<ClientResult> {
  const previous = metadata.client_secret ? known.previousSecret : undefined
  if (!(await clients.replace(known, metadata, previous))) return overtaken
  const changed = changeEvent(metadata.client_id, known.metadata, metadata)
  return { ...changed, ...(secret && { secret }) }
}

const changeEvent = (id: string, before: GivenMetadata, after: GivenMetadata) =>
  event('client-changed', id, changedNames(before, after).join(','))

const secretOf = ({ metadata: { client_secret: secret } }: StoredClient) =>
  secret === undefined ? {} : { client_secret: secret }
