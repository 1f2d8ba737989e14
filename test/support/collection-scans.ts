import type { Connection } from 'mongoose'

/** A query that has a condition; one without reads a whole collection on purpose, for example all signing keys. */
const conditions = ['filter', 'q', 'query', 'pipeline.0.$match'].map((place) => ({
  [`command.${place}`]: { $exists: true, $ne: {} },
}))

/** The name by which MongoDB knows the connections of a platform. A test itself may look for anything. */
export const platformName = 'the platform'

const filter = { planSummary: 'COLLSCAN', appName: platformName, $or: conditions }

/** Lets MongoDB's profiler record each query of the platform with a condition that no index helps (decision 0255). */
export async function recordScans(mongodb: Connection): Promise<void> {
  await mongodb.db?.command({ profile: 1, filter })
}

/** Throws if there was such a query. */
export async function refuseScans(mongodb: Connection): Promise<void> {
  const scans = await mongodb.collection('system.profile').find().toArray()
  const shapes = scans.map(({ ns, command }) => {
    const [, collection] = String(ns).split(/\.(.*)/)
    const condition = command.filter ?? command.q ?? command.query ?? command.pipeline
    return `${collection}: ${Object.keys(condition[0]?.$match ?? condition).join()}`
  })
  if (shapes.length)
    throw new Error(`these queries need an index: ${[...new Set(shapes)].join('; ')}`)
}
