import { readFileSync } from 'node:fs'

const listed = new URL('./confusables.txt', import.meta.url)

/**
 * Reads the characters that look like others (Unicode Technical Standard #39, 4). A line has the character and its
 * prototype in hexadecimal, `006D 0072+006E`. Decision 0213 describes the source.
 */
export function readConfusables(): ReadonlyMap<string, string> {
  const lines = readFileSync(listed, 'utf8').split('\n').filter(Boolean)
  return new Map(
    lines.map((line) => {
      const [from = '', to = ''] = line.split(' ').map(characters)
      return [from, to]
    }),
  )
}

const characters = (hex: string) =>
  String.fromCodePoint(...hex.split('+').map((each) => Number.parseInt(each, 16)))
