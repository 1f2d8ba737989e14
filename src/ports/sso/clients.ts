import type { ClientMetadata } from '../../../config/client-metadata.ts'

/** The owner may change a client: its file, the command line (`npm run client`), or the client itself (RFC 7592). */
export type ClientOwner = 'file' | 'command' | 'registration'

/** A replaced secret that is still valid until then, in ms since 1970. */
export type PreviousSecret = { readonly secret: string; readonly until: number }

/** A client of a clients file. */
export type FileClient = { readonly metadata: ClientMetadata; readonly file: string }

export type StoredClient = {
  readonly metadata: ClientMetadata
  readonly owner: ClientOwner
  /** The file that owns it, or owned it before it was disabled. */
  readonly file?: string
  /** Whether an operator disabled the client, or its file names it no more: it is still stored, but never found. */
  readonly disabled: boolean
  readonly previousSecret?: PreviousSecret
  /** A value that differs after each change. */
  readonly revision: string
}

export type ClientFileChange = {
  readonly clientId: string
  readonly what: 'client-added' | 'client-changed' | 'client-disabled'
}

/**
 * The clients. Promises:
 * - all metadata, and with them the secrets, are encrypted at rest;
 * - `syncFiles` makes the clients of the files exactly these and returns the changes: new ones are added, known ones
 *   are replaced and belong to the file from now on, and one that is missing is kept but disabled. Clients of other
 *   owners stay as they are;
 * - `find` never returns a disabled client, and never a state that ended before the call, in whichever process;
 * - of two concurrent `add` with one id one succeeds; `replace`, `setDisabled` and `remove` do nothing to a client of a file;
 * - a disabled client stays disabled until `setDisabled` or a file that names it.
 */
export interface Clients {
  syncFiles(clients: readonly FileClient[]): Promise<readonly ClientFileChange[]>
  find(clientId: string): Promise<StoredClient | undefined>
  /** Starts to read what each `find` of the present request needs. */
  prepare?(): void
  /** Whether an enabled public client has pages at this origin (`client-origins.ts`). */
  hasOrigin(origin: string): Promise<boolean>
  /** Finds disabled clients too. */
  findAny(clientId: string): Promise<StoredClient | undefined>
  /** Lists all clients by id, disabled ones too. */
  list(): Promise<readonly StoredClient[]>
  add(metadata: ClientMetadata, owner: Exclude<ClientOwner, 'file'>): Promise<'added' | 'exists'>
  /** False if the client changed since `seen` was read. Its owner stays the same. */
  replace(seen: StoredClient, metadata: ClientMetadata, previous?: PreviousSecret): Promise<boolean>
  /** Adds or replaces an enabled client of the owner `registration`; throws if the id belongs to another one. */
  register(metadata: ClientMetadata): Promise<void>
  /** Disables or enables a client. False if a file owns it, if it is so already, or if there is none. */
  setDisabled(clientId: string, disabled: boolean): Promise<boolean>
  /** False if there is no client that may be removed. */
  remove(clientId: string): Promise<boolean>
}
