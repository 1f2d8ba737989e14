import type { Client } from '../../config/clients.ts'

/**
 * The business systems that sign their users in here. Promises:
 * - client secrets are sealed at rest;
 * - `own` makes the files' clients be exactly these: new ones are added, known ones replaced, and one that left its
 *   file is kept but disabled;
 * - `find` never gives a disabled one.
 */
export interface Clients {
  own(clients: readonly Client[]): Promise<void>
  find(clientId: string): Promise<Client | undefined>
}
