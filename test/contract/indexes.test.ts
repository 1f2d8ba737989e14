import { marksOf } from '../../src/cli/doctor/index-problems.ts'
import { allIndexes } from '../../src/compose/all-indexes.ts'
import { testPlatform } from '../support/platform.ts'

test('the list of all indexes, by which the doctor finds missing ones, is what a start builds', async () => {
  const platform = await testPlatform()
  try {
    const { mongodb } = platform.stores
    const built: Record<string, string[]> = {}
    for (const { name } of await mongodb.listCollections()) {
      const indexes = (await mongodb.collection(name).indexes()).map(marksOf)
      const own = indexes.filter((marks) => !marks.startsWith('[[["_id",1]]')).toSorted()
      if (own.length) built[name] = own
    }
    const listed = Object.entries(allIndexes).map(([name, indexes]) => [
      name,
      indexes.map(marksOf).toSorted(),
    ])
    expect(Object.fromEntries(listed)).toEqual(built)
  } finally {
    await platform.close()
  }
})
