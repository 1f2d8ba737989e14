/** The relying party that sent a person here. */
export type BusinessSystem = { readonly id: string; readonly name: string; readonly uri?: string }

/** The authorization requests that wait for a person, and whose they are, seen from the flows. */
export interface BusinessSystems {
  /** Who asked for this interaction; undefined once it has expired or ended. */
  waiting(interaction: string): Promise<BusinessSystem | undefined>
  /** By its client id; undefined when it is none (any more). */
  find(id: string): Promise<BusinessSystem | undefined>
}
