/** The client that sent a person here. */
export type ClientLink = {
  readonly id: string
  readonly name: string
  /** Its home page. */
  readonly uri?: string
  /** The address at which it starts a login by itself (OpenID Connect Core 1.0, 4), with all parameters. */
  readonly login?: string
}

/** The address that leads a person back to the client when no authorization request is pending. */
export const returnAddressOf = ({ login, uri }: ClientLink): string => login ?? uri ?? '/'

/** The clients that flows lead people back to. */
export interface ClientLinks {
  /** The client of this interaction; undefined once it has expired or ended. */
  ofInteraction(interaction: string): Promise<ClientLink | undefined>
  /** A client by its id; undefined if there is none. */
  find(id: string): Promise<ClientLink | undefined>
  /**
   * The same, for clients that an operator or the clients file approved. A link from anywhere may name a client
   * (`?system=ID`); a link back to a client that registered itself would be an open redirect.
   */
  findApproved(id: string): Promise<ClientLink | undefined>
}
