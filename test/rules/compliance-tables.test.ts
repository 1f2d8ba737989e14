import { projectFile } from '../support/project-files.ts'

/** The tables and how many requirements each standard has at the level that the table names. */
const tables = [
  ['docs/asvs.md', 253, /^\d+\.\d+\.\d+$/],
  ['docs/gb-t-22239.md', 46, /^8\.1\.[45]\.\d+( [a-g])?$/],
  ['docs/gb-t-39786.md', 21, /^8\.[234] [a-j]$/],
] as const

const statuses = ['met', 'partly', 'not met', 'not applicable']

/** The rows whose first cell is a number, as lists of cells. */
const rowsOf = (path: string) =>
  projectFile(path)
    .text.split('\n')
    .filter((line) => /^\| \d/.test(line))
    .map((line) => line.slice(2, -2).split(' | '))

describe.each(tables)('%s', (path, count, number) => {
  const rows = rowsOf(path)

  test('has each requirement once', () => {
    expect(rows).toHaveLength(count)
    expect(new Set(rows.map(([name]) => name)).size).toBe(count)
    expect(rows.filter(([name = '']) => !number.test(name))).toEqual([])
  })

  test('says for each whether it is met, by what and where', () => {
    const incomplete = rows.filter(
      (row) => row.length !== 5 || !row[3] || !statuses.includes(row[2] ?? ''),
    )
    expect(incomplete).toEqual([])
    // `documents.test.ts` looks whether the named files exist.
    const unshown = rows.filter(
      ([, , status, , where = '']) =>
        !/`[^`]+`/.test(where) && !(status === 'not applicable' && where === '–'),
    )
    expect(unshown).toEqual([])
  })
})
