/** The relying party that sent a person here. */
export type ClientLink = {
  readonly id: string
  readonly name: string
  /** Its home page. */
  readonly uri?: string
  /** Where it begins a login of its own accord (OpenID Connect Core 1.0, 4), with all parameters. */
  readonly login?: string
}

/** Where a person goes on at the system that sent them, once no authorization request waits there. */
export const returnAddressOf = ({ login, uri }: ClientLink): string => login ?? uri ?? '/'

/** The authorization requests that wait for a person, and whose they are, seen from the flows. */
export interface ClientLinks {
  /** Who asked for this interaction; undefined once it has expired or ended. */
  waiting(interaction: string): Promise<ClientLink | undefined>
  /** By its client id; undefined when it is none (any more). */
  find(id: string): Promise<ClientLink | undefined>
  /**
   * The same of systems that an operator or the clients file approved. A link from anywhere may name them
   * (`?system=ID`), so that a system that registered itself is never a page's way back: it would be an open redirect.
   */
  approved(id: string): Promise<ClientLink | undefined>
}
