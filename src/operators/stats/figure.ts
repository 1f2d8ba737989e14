import { barChart, type Column, columnChart } from './chart.ts'

/** A picture with its table, both from the same numbers. All texts are in Chinese already. */
export type Figure = {
  readonly id: string
  readonly title: string
  readonly note?: string
  readonly bars?: ReturnType<typeof barChart>
  readonly columns?: ReturnType<typeof columnChart>
  /** The names of the series, if there are several. */
  readonly legend?: readonly string[]
  readonly table: Table
}

/** The first column has the headings of the rows. */
export type Table = {
  readonly heads: readonly string[]
  readonly rows: readonly { readonly cells: readonly string[]; readonly mark?: 'up' | 'down' }[]
}

export type FigureRow = {
  readonly label: string
  readonly values: readonly number[]
  /** The value at the end of the bar. */
  readonly text: string
  /** The cells of the table after the label. */
  readonly cells: readonly string[]
}

type Described = Pick<Figure, 'id' | 'title' | 'note' | 'legend'>

/** Horizontal bars. `most`: the value of a bar of the whole width. */
export const barFigure = (
  described: Described,
  heads: readonly string[],
  rows: readonly FigureRow[],
  most?: number,
): Figure => ({
  ...described,
  ...(rows.length && { bars: barChart(rows, most) }),
  table: { heads, rows: rows.map(({ label, cells }) => ({ cells: [label, ...cells] })) },
})

/** Columns in time. */
export const columnFigure = (
  described: Described,
  heads: readonly string[],
  columns: readonly (Column & { readonly cells: readonly string[] })[],
): Figure => ({
  ...described,
  columns: columnChart(columns),
  table: { heads, rows: columns.map(({ label, cells }) => ({ cells: [label, ...cells] })) },
})
