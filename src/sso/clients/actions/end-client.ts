import type { ClientResult } from '../../../ports/operators/managed-clients.ts'
import type { StoredClient } from '../../../ports/sso/clients.ts'
import { type ClientActionPorts, event, overtaken, problem } from './client-action.ts'

type Ports = Pick<ClientActionPorts, 'clients'>

/** 停用 and 启用. A client of a file is disabled by removing it from the file. */
export async function setClientDisabled(
  id: string,
  disabled: boolean,
  { clients }: Ports,
): Promise<ClientResult> {
  const known = await clients.findAny(id)
  if (!known) return problem('form', 'clients.gone')
  if (known.owner === 'file') return problem('form', 'clients.changedOnlyBy.file')
  if (!(await clients.setDisabled(id, disabled)))
    return problem('form', disabled ? 'clients.disabledBefore' : 'clients.enabledBefore')
  return event(disabled ? 'client-disabled' : 'client-enabled', id)
}

/** Asks for 移除, which takes two persons. */
export async function askRemoval(id: string, { clients }: Ports): Promise<ClientResult> {
  const known = await clients.findAny(id)
  if (!known) return problem('form', 'clients.gone')
  if (isOwnedByFile(known)) return problem('form', 'clients.changedOnlyBy.file')
  return { review: { kind: 'client-remove', payload: { action: 'remove', id } } }
}

/** Removes a client after the approval. A client that is gone already stays removed. */
export async function removeAsApproved(id: string, { clients }: Ports): Promise<ClientResult> {
  const known = await clients.findAny(id)
  if (known && isOwnedByFile(known)) return problem('form', 'clients.changedOnlyBy.file')
  if (known && !(await clients.remove(id))) return overtaken
  return event('client-removed', id)
}

/** A client that its file names no more is disabled and may be removed. */
const isOwnedByFile = ({ owner, disabled }: StoredClient) => owner === 'file' && !disabled
