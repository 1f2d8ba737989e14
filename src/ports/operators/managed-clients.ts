import type { MessageCode } from '../../../config/messages.ts'
import type { ReviewKind } from '../../people/review.ts'
import type { Once } from '../idempotent-requests.ts'

/** Metadata by the names of RFC 7591 and our own, unchecked. In a change, null removes a name. */
export type GivenMetadata = Readonly<Record<string, unknown>>

/** A problem as data. `field` is the name of the metadata, with the position in a list (`redirect_uris.0`), or `form`. */
export type ClientProblem = {
  readonly field: string
  readonly code: MessageCode
  readonly params: Readonly<Record<string, string | number>>
}

/** A client without its secrets. Times are in ms since 1970. */
export type ManagedClient = {
  readonly id: string
  readonly name: string
  readonly owner: 'file' | 'command' | 'registration'
  readonly file?: string
  readonly isDisabled: boolean
  readonly metadata: GivenMetadata
  readonly hasSecret: boolean
  /** The end of the replaced secret. */
  readonly previousSecretUntil?: number
  /** A value that differs after each change of the metadata or the secret. */
  readonly version: string
  /**
   * The only one who may change it, if the console may not: its file, the client itself (RFC 7592), or `npm run client` for
   * a client with powers that the console never gives.
   */
  readonly changedOnlyBy?: 'file' | 'registration' | 'command'
}

/** The change that one operator asked for and another decides. Encrypted at rest, since it may contain a new secret. */
export type ClientMatter =
  | {
      readonly action: 'create'
      readonly id: string
      readonly after: GivenMetadata
      readonly secret?: string
    }
  | {
      readonly action: 'change'
      readonly id: string
      readonly before: GivenMetadata
      readonly after: GivenMetadata
      readonly secret?: string
    }
  | { readonly action: 'rotate-secret'; readonly id: string; readonly secret: string }
  | { readonly action: 'remove'; readonly id: string }

/** The audit event of a change. `detail`: the changed names with commas between. */
export type ClientEvent = {
  readonly what: `client-${'added' | 'changed' | 'secret-rotated' | 'disabled' | 'enabled' | 'removed'}`
  readonly clientId: string
  readonly detail?: string
}

/** `secret` is a new secret, which is disclosed this once. */
export type ClientChanged = {
  readonly event: ClientEvent
  readonly secret?: string
  /** The time until which the replaced secret is valid. */
  readonly previousSecretUntil?: number
}

export type ClientResult =
  | { readonly problems: readonly ClientProblem[] }
  | {
      readonly review: {
        readonly kind: Extract<ReviewKind, `client-${string}`>
        readonly payload: ClientMatter
      }
    }
  | ClientChanged

/**
 * The actions on clients, shared by the console and the operators' API. Each resolves to the change with its audit event, to
 * all problems at once, or to the matter that takes two persons. Promises:
 * - a change based on an earlier version than the present one is a problem and changes nothing;
 * - `carryOut` does what was asked, or nothing if the client has changed since; repeated, it changes nothing more;
 * - `create` and `rotateSecret` with the same `once` add one client and make one secret, also after a crash in between.
 */
export interface ManagedClients {
  /** All clients by id. */
  list(): Promise<readonly ManagedClient[]>
  find(id: string): Promise<ManagedClient | undefined>
  /** The addresses that clients use, by their names in discovery. */
  endpoints(): Readonly<Record<string, string>>
  /** The problems of metadata, which change nothing. */
  check(given: GivenMetadata): Promise<readonly ClientProblem[]>
  create(given: GivenMetadata, once?: Once): Promise<ClientResult>
  /** `seen` is the version that the operator saw; undefined: the present one. The client exists. */
  change(id: string, given: GivenMetadata, seen?: string): Promise<ClientResult>
  rotateSecret(id: string, seen?: string, once?: Once): Promise<ClientResult>
  disable(id: string): Promise<ClientResult>
  enable(id: string): Promise<ClientResult>
  remove(id: string): Promise<ClientResult>
  carryOut(matter: ClientMatter): Promise<ClientResult>
}
