/** The relying party whose authorization request waits while a person registers or recovers. */
export type BusinessSystem = { readonly name: string; readonly uri?: string }

/** The authorization requests that wait for a person, seen from the flows. */
export interface BusinessSystems {
  /** Who asked for this interaction; undefined once it has expired or ended. */
  waiting(interaction: string): Promise<BusinessSystem | undefined>
}
