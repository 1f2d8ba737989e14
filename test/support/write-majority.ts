import type { Connection } from 'mongoose'

const admin = (mongodb: Connection) => {
  if (!mongodb.db) throw new Error('not connected')
  return mongodb.db.admin()
}

/** Adds a member that is never reachable, so no write gets a majority. The primary stays primary for an hour. */
export async function loseMajority(mongodb: Connection): Promise<void> {
  const { config } = await admin(mongodb).command({ replSetGetConfig: 1 })
  const absent = { _id: 1, host: '127.0.0.1:1', priority: 0, votes: 1 }
  const settings = { ...config.settings, electionTimeoutMillis: 3_600_000 }
  await reconfigure(mongodb, { ...config, members: [...config.members, absent], settings })
}

/** Removes the added member. */
export async function regainMajority(mongodb: Connection): Promise<void> {
  const { config } = await admin(mongodb).command({ replSetGetConfig: 1 })
  await reconfigure(mongodb, { ...config, members: config.members.slice(0, 1) })
}

async function reconfigure(mongodb: Connection, config: { readonly version: number }) {
  const next = { ...config, version: config.version + 1 }
  await admin(mongodb).command({ replSetReconfig: next, force: true })
}

/** The only member steps down and is not primary until `electPrimary`. */
export async function losePrimary(mongodb: Connection): Promise<void> {
  await admin(mongodb).command({
    replSetStepDown: 3600,
    secondaryCatchUpPeriodSecs: 0,
    force: true,
  })
}

export async function electPrimary(mongodb: Connection): Promise<void> {
  await admin(mongodb).command({ replSetFreeze: 0 }, { readPreference: 'nearest' })
}
