import type { AdapterPayload, Client, Grant, Provider } from 'oidc-provider'

/** The name that a client had when the grant was stored, for when the client is gone. */
type Named = { clientName?: string }

/** Makes the provider's grants keep the name of their client. */
export function keepClientNames({ Grant: grants }: Provider): void {
  const model = grants as unknown as { readonly IN_PAYLOAD?: readonly string[] }
  if (!model.IN_PAYLOAD) throw new Error('oidc-provider stores grants in another way than it did')
  Object.defineProperty(grants, 'IN_PAYLOAD', { value: [...model.IN_PAYLOAD, 'clientName'] })
}

/** To be called before a grant is saved. */
export function nameClient(grant: Grant, { clientName }: Client): void {
  if (clientName) Object.assign(grant, { clientName } satisfies Named)
}

export const clientNameOf = (grant: Grant | AdapterPayload): string | undefined =>
  (grant as Named).clientName
