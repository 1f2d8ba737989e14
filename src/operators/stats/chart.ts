/**
 * The geometry of the pictures on 运行状况. Widths are per cent of the picture and heights are em, so that the text keeps its
 * size on a phone while bars and columns stretch.
 */

/** A rectangle of a series; `series` chooses the colour. */
type Box = { readonly series: number; readonly at: number; readonly size: number }

export type BarRow = {
  readonly label: string
  /** The value in words, at the end of the row. */
  readonly text: string
  readonly values: readonly number[]
}

/** Rows of horizontal bars. The longest row, or `most`, has the whole width. */
export function barChart(rows: readonly BarRow[], most = Math.max(...rows.map(sumOfRow), 1)) {
  const drawn = rows.map(({ label, text, values }, index) => ({
    ...{ label, text, top: index * barHeight },
    boxes: stacked(values, 100 / most),
  }))
  return { height: rows.length * barHeight, rows: drawn }
}

/** A row: a line of text and the bar below it. */
const barHeight = 3.2

const sumOfRow = ({ values }: BarRow) => values.reduce((sum, value) => sum + value, 0)

export type Column = { readonly label: string; readonly values: readonly number[] }

const plotHeight = 10
const mostLabels = 6

/** Columns of stacked values in time, with lines at round numbers. */
export function columnChart(columns: readonly Column[]) {
  const highest = Math.max(
    ...columns.map(({ values }) => values.reduce((one, other) => one + other, 0)),
  )
  const top = roundUp(highest)
  const width = 100 / columns.length
  const every = Math.ceil(columns.length / mostLabels)
  return {
    height: plotHeight + 3,
    columns: columns.map(({ values }, index) => ({
      at: index * width + width * 0.15,
      size: width * 0.7,
      // From the bottom of the plot upwards.
      boxes: stacked(values, plotHeight / top).map(({ at, size, ...box }) => ({
        ...box,
        at: 1 + plotHeight - at - size,
        size,
      })),
    })),
    labels: columns.flatMap(({ label }, index) =>
      index % every === 0 ? [{ ...labelPlace((index + 0.5) * width), text: label }] : [],
    ),
    lines: [0, 0.5, 1].map((share) => ({
      at: 1 + plotHeight * (1 - share),
      text: (top * share).toLocaleString('zh-CN'),
    })),
  }
}

/** Below the middle of its column; the first and the last label stay within the picture. */
function labelPlace(middle: number) {
  if (middle < 10) return { at: 0, anchor: 'start' } as const
  return middle > 90
    ? ({ at: 100, anchor: 'end' } as const)
    : ({ at: middle, anchor: 'middle' } as const)
}

function stacked(values: readonly number[], unit: number): readonly Box[] {
  let at = 0
  return values.flatMap((value, series) => {
    const size = value * unit
    const box = { series, at, size }
    at += size
    return value > 0 ? [box] : []
  })
}

/** The next even number of the form 2, 4, 10, 20, 40, 100 …, so that half of it is whole. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)))
  return [2, 4, 10].map((step) => step * power).find((step) => step >= value) ?? 10 * power
}
