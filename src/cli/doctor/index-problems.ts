import type { Connection, mongo } from 'mongoose'
import { allIndexes } from '../../compose/all-indexes.ts'

/** The missing and changed indexes. Others may exist: an operator's own do no harm. */
export async function indexProblems(connection: Connection): Promise<readonly string[]> {
  const present = new Set((await connection.listCollections()).map(({ name }) => name))
  const problems = []
  for (const [name, expected] of Object.entries(allIndexes)) {
    const indexes = present.has(name) ? await connection.collection(name).indexes() : []
    const found = new Set(indexes.map(marksOf))
    const missing = expected.filter((index) => !found.has(marksOf(index)))
    if (missing.length)
      problems.push(
        `${name} lacks ${missing.map(({ key }) => JSON.stringify(key)).join(', ')}: restart the platform, which builds them`,
      )
  }
  return problems
}

type Index = Pick<mongo.IndexDescription, 'key' | 'unique' | 'expireAfterSeconds'>

/** The properties on which queries, uniqueness and expiry depend. */
export const marksOf = ({ key, unique = false, expireAfterSeconds }: Index): string =>
  JSON.stringify([Object.entries(key), unique, expireAfterSeconds])
