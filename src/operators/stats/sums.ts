/** A count with its labels, e.g. `{ bank: '招商银行', outcome: 'match', at, count }`. */
type Labelled = Readonly<Record<string, string | number>> & { readonly count: number }

/** Sums the counts that have all these values. */
export const sumOf = (
  counts: readonly Labelled[],
  values: Readonly<Record<string, string | number>> = {},
): number =>
  counts
    .filter((count) => Object.entries(values).every(([label, value]) => count[label] === value))
    .reduce((sum, { count }) => sum + count, 0)

/** The values of a label that occur, those with the highest sum first. */
export function valuesOf<Label extends string>(
  counts: readonly (Readonly<Record<Label, string>> & Labelled)[],
  label: Label,
): readonly string[] {
  const values = [...new Set(counts.map((count): string => count[label]))]
  const sums = new Map(values.map((value) => [value, sumOf(counts, { [label]: value })]))
  return values.toSorted((one, other) => (sums.get(other) ?? 0) - (sums.get(one) ?? 0))
}

export const grouped = (value: number): string => value.toLocaleString('zh-CN')

/** `12.3%`; `–` without a whole. */
export const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${Math.round((part / whole) * 1000) / 10}%`
