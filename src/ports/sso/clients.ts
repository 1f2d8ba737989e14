import type { ClientMetadata } from '../../../config/client-metadata.ts'

/** Who may change a client: its file alone, the command line (`npm run client`), or it itself (RFC 7592). */
export type Owner = 'file' | 'command' | 'registration'

/** A secret that was replaced and is good until then, in milliseconds since 1970. */
export type PreviousSecret = { readonly secret: string; readonly until: number }

/** A client that a file owns. */
export type FileClient = { readonly metadata: ClientMetadata; readonly file: string }

export type KnownClient = {
  readonly metadata: ClientMetadata
  readonly owner: Owner
  /** The file that owns it, or did until it was disabled. */
  readonly file?: string
  /** It left its file: kept, and never found. */
  readonly disabled: boolean
  readonly previousSecret?: PreviousSecret
  /** Another one after each change. */
  readonly mark: string
}

export type FileChange = {
  readonly clientId: string
  readonly what: 'client-added' | 'client-changed' | 'client-disabled'
}

/**
 * The business systems that sign their users in here. Promises:
 * - all metadata, and with it the secrets, are sealed at rest;
 * - `own` makes the files' clients be exactly these and says what that changed: new ones are added, known ones
 *   replaced (whoever owned them: the file does from now on), and one that left its file is kept but disabled. Clients
 *   of other owners stay as they are;
 * - `find` never gives a disabled one, and gives no state that ended before it was called, in whichever process;
 * - of two `add` of one id one adds; `replace` and `remove` do nothing to a client that a file owns.
 */
export interface Clients {
  own(clients: readonly FileClient[]): Promise<readonly FileChange[]>
  find(clientId: string): Promise<KnownClient | undefined>
  /** Whether an enabled public client is answered at this origin (`src/ports/sso/client-origins.ts`). */
  hasPagesAt(origin: string): Promise<boolean>
  /** Disabled ones too. */
  look(clientId: string): Promise<KnownClient | undefined>
  /** Disabled ones too, by id. */
  list(): Promise<readonly KnownClient[]>
  add(metadata: ClientMetadata, owner: Exclude<Owner, 'file'>): Promise<'added' | 'exists'>
  /** False if it changed since it was `seen`. Its owner stays. */
  replace(seen: KnownClient, metadata: ClientMetadata, previous?: PreviousSecret): Promise<boolean>
  /** Adds or replaces one of the owner `registration`. Throws where the id is another owner's. */
  register(metadata: ClientMetadata): Promise<void>
  /** False if there is none that may be removed. */
  remove(clientId: string): Promise<boolean>
}
