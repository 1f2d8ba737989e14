import { type ClaimGroup, claimGroupOf, claimGroups } from '../../../config/claims/claim-groups.ts'
import type { Choice, Consent, ConsentItem } from './consent-choices.ts'

/** A claim with its masked value; without a value if the name of the claim says all. */
type Row = ConsentItem & { readonly value: string | undefined }

/** A checkbox; its claims are disclosed or withheld together. */
type Tick = { readonly id: string; readonly rows: readonly Row[] }

export type GroupOnPage = {
  readonly name: ClaimGroup
  /** Claims that the client requires. */
  readonly fixed: readonly Row[]
  readonly ticks: readonly Tick[]
  /** Claims whose checkbox is in another group. */
  readonly elsewhere: readonly (Row & { readonly decidedBy: `group.${ClaimGroup}` })[]
}

/**
 * The requested claims by group, with the values of this person. A claim without a value is left out, since nothing
 * would be disclosed.
 */
export function consentGroups(
  { items, choices }: Consent,
  shownOf: (name: string) => string | undefined | null,
): readonly GroupOnPage[] {
  const rowsOf = (some: readonly ConsentItem[]): readonly Row[] =>
    some.flatMap((item) => {
      const value = shownOf(item.name)
      return value === null ? [] : [{ ...item, value }]
    })
  const rows = rowsOf(items)
  const ticks = choices.map(({ id, items: chosen }) => ({ id, rows: rowsOf(chosen) }))
  const tickOf = ({ name }: Row) => ticks.find((tick) => tick.rows.some((row) => row.name === name))
  const inGroup = (name: ClaimGroup) => (row: Row) => claimGroupOf(row.name) === name
  return claimGroups
    .map((name): GroupOnPage => {
      const own = rows.filter(inGroup(name))
      const homes = ticks.filter((tick) => homeOf(tick) === name)
      return {
        name,
        fixed: own.filter((row) => !tickOf(row)),
        ticks: homes.map((tick) => ({ ...tick, rows: tick.rows.filter(inGroup(name)) })),
        elsewhere: own.flatMap((row) => {
          const tick = tickOf(row)
          const home = tick && homeOf(tick)
          return home && home !== name ? [{ ...row, decidedBy: `group.${home}` as const }] : []
        }),
      }
    })
    .filter(({ fixed, ticks: some, elsewhere }) => fixed.length + some.length + elsewhere.length)
}

/** The choices on the page. A choice without any value has no checkbox and cannot be withheld. */
export const choicesOnPage = (onPage: readonly GroupOnPage[]): readonly Choice['id'][] =>
  onPage.flatMap(({ ticks }) => ticks.map(({ id }) => id))

const homeOf = ({ rows: [first] }: Tick): ClaimGroup | undefined =>
  first && claimGroupOf(first.name)
