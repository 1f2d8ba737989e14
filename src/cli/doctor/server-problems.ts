import type { Connection } from 'mongoose'

/** Transactions of several collections and `$$NOW` in updates are as the platform needs them from this version on. */
const oldest = 6

/** Seconds; decision 0254. */
const longestTransaction = 6

/** Asks the database `admin`. */
export const adminCommand = async <Answer>(
  connection: Connection,
  asked: Readonly<Record<string, unknown>>,
): Promise<Answer> => (await connection.getClient().db('admin').command(asked)) as Answer

export async function versionProblems(connection: Connection): Promise<readonly string[]> {
  const { version } = await adminCommand<{ version: string }>(connection, { buildInfo: 1 })
  return Number.parseInt(version, 10) < oldest
    ? [`version ${version}: install ${oldest} or newer`]
    : []
}

type Member = { readonly name: string; readonly health: number; readonly state: number }

/** States PRIMARY, SECONDARY and ARBITER of `replSetGetStatus`. */
const working = [1, 2, 7]

/** A router of a sharded cluster (`isdbgrid`) knows no members. */
export async function replicaSetProblems(connection: Connection): Promise<readonly string[]> {
  const hello = await adminCommand<{ setName?: string; msg?: string }>(connection, { hello: 1 })
  if (hello.msg === 'isdbgrid') return []
  if (!hello.setName)
    return ['not a replica set, which transactions need: start mongod with --replSet']
  const { members } = await adminCommand<{ members: readonly Member[] }>(connection, {
    replSetGetStatus: 1,
  })
  const lost = members.filter(({ health, state }) => health !== 1 || !working.includes(state))
  if (lost.length === 0) return []
  const names = lost.map(({ name }) => name).join(', ')
  return [
    lost.length * 2 >= members.length
      ? `no majority: ${names} must come back before anything can be written`
      : `${names} must come back: one more loss and nothing can be written`,
  ]
}

export async function transactionProblems(connection: Connection): Promise<readonly string[]> {
  const name = 'transactionLifetimeLimitSeconds'
  const { [name]: limit = 0 } = await adminCommand<Readonly<Record<string, number>>>(connection, {
    ...{ getParameter: 1, [name]: 1 },
  })
  return limit > longestTransaction
    ? [
        `${name} is ${limit}, for which a killed process may lock an account: set ${longestTransaction}`,
      ]
    : []
}
