import { errors, type Provider } from 'oidc-provider'
import type { ClientMetadata } from '../../../config/client-metadata.ts'
import { BadEnvironment } from '../../../config/environment/bad-environment.ts'
import type { Audit } from '../../ports/audit.ts'
import type { Clients, FileClient } from '../../ports/sso/clients.ts'
import { accountClientId } from '../login/account-login.ts'

/**
 * Stores the clients of the files as the ones that may sign users in. `client-files.ts` has accepted their metadata
 * already; here oidc-provider checks it too. Throws `BadEnvironment` with one problem for each client that
 * oidc-provider rejects, and changes nothing then.
 * @param operator who starts the process, for the audit
 */
export async function applyFileClients(
  provider: Provider,
  clients: readonly FileClient[],
  { store, audit }: { readonly store: Clients; readonly audit: Audit },
  operator: string,
): Promise<void> {
  const problems = await Promise.all(
    clients.map(async ({ metadata, file }) => {
      const problem = await clientProblemOf(metadata, provider)
      return problem && `CLIENTS_FILE: ${file}: client ${metadata.client_id}: ${problem}`
    }),
  )
  const found = problems.filter((problem) => problem !== undefined)
  if (found.length) throw new BadEnvironment(found)
  for (const change of await store.syncFiles(clients))
    await audit.record({ ...change, address: operator, detail: 'file' })
}

/**
 * The first problem that oidc-provider finds in this metadata; it reports one at a time. The id of the platform's own
 * client is taken.
 */
export async function clientProblemOf(
  metadata: ClientMetadata,
  provider: Provider,
): Promise<string | undefined> {
  if (metadata.client_id === accountClientId) return 'client_id: is what the platform calls itself'
  try {
    await provider.Client.validate(metadata)
    return undefined
  } catch (error) {
    if (!(error instanceof errors.OIDCProviderError)) throw error
    return error.error_description ?? error.message
  }
}
