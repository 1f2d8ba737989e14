import type { AdapterPayload, Client, Grant } from 'oidc-provider'

/** The client's name at the time when the grant was stored, for lists that name removed clients. */
type Named = { clientName?: string }

/** To be called before a grant is saved. */
export function noteClientName(grant: Grant, { clientName }: Client): void {
  if (clientName) Object.assign(grant, { clientName } satisfies Named)
}

export const clientNameOf = (grant: Grant | AdapterPayload): string | undefined =>
  (grant as Named).clientName
