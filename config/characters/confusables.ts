import { readFileSync } from 'node:fs'

const listed = new URL('./confusables.txt', import.meta.url)

/**
 * Characters that look like others (Unicode Technical Standard #39, 4), each with its prototype. A line is the character
 * and the prototype in hexadecimal, `006D 0072+006E`. Decision 0213 tells where they come from. Reads the file.
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
