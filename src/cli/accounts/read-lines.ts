import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { parse } from 'csv-parse'
import { Refused } from '../operator-command.ts'
import { columns } from './imported-line.ts'

/** A line of the file: its values by column, or undefined if it cannot be read. */
export type Line = {
  readonly line: number
  readonly values?: Readonly<Record<string, unknown>> | undefined
}

/** Longer records are no lines of people: a quotation mark may be missing. */
const longestRecord = 64 * 1024

/** Reads the lines of a file one after the other: NDJSON if it begins with `{`, otherwise CSV with a line of names. */
export async function* readLines(file: string): AsyncGenerator<Line> {
  yield* (await firstCharacter(file)) === '{' ? jsonLines(file) : csvLines(file)
}

async function firstCharacter(file: string): Promise<string | undefined> {
  const opened = await open(file)
  try {
    const { buffer, bytesRead } = await opened.read(Buffer.alloc(1024), 0, 1024)
    return buffer
      .subarray(0, bytesRead)
      .toString()
      .replace(/^\uFEFF/, '')
      .trimStart()[0]
  } finally {
    await opened.close()
  }
}

async function* jsonLines(file: string): AsyncGenerator<Line> {
  let line = 0
  const input = createReadStream(file)
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1
    if (text.trim()) yield { line, values: objectIn(text.replace(/^\uFEFF/, '')) }
  }
}

function objectIn(text: string): Line['values'] {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

type CsvRecord = { readonly record: readonly string[]; readonly info: { readonly lines: number } }

async function* csvLines(file: string): AsyncGenerator<Line> {
  const parser = createReadStream(file).pipe(
    parse({
      ...{ bom: true, info: true, relax_column_count: true, relax_quotes: true, trim: true },
      ...{ skip_empty_lines: true, max_record_size: longestRecord },
    }),
  )
  let names: readonly string[] | undefined
  try {
    for await (const { record, info } of parser as AsyncIterable<CsvRecord>) {
      if (!names) {
        names = checkedNames(record)
        continue
      }
      const isWhole = record.length === names.length
      const values = Object.fromEntries(names.map((name, index) => [name, record[index]]))
      yield { line: info.lines, values: isWhole ? values : undefined }
    }
  } catch (error) {
    if (isCsvError(error)) throw new Refused(`${file}: line ${error.lines}: not readable as CSV`)
    throw error
  }
  if (!names) throw new Refused(`${file}: empty`)
}

const isCsvError = (error: unknown): error is { readonly lines: number } =>
  error instanceof Error && 'lines' in error

function checkedNames(names: readonly string[]): readonly string[] {
  const missing = columns.filter((column) => !names.includes(column))
  if (missing.length) throw new Refused(`the first line lacks the columns ${missing.join(', ')}`)
  return names
}
