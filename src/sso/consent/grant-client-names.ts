import type { AdapterPayload, Client, Grant } from 'oidc-provider'

/** The name that a client had when the grant was stored, for when the client is gone. */
type Named = { clientName?: string }

/** To be called before a grant is saved. */
export function nameClient(grant: Grant, { clientName }: Client): void {
  if (clientName) Object.assign(grant, { clientName } satisfies Named)
}

export const clientNameOf = (grant: Grant | AdapterPayload): string | undefined =>
  (grant as Named).clientName
