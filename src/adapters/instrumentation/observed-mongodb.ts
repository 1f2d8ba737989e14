import type { Connection, mongo } from 'mongoose'
import type { Instrumentation } from '../../ports/observability/instrumentation.ts'

/**
 * Measures the commands of a connection, which has to be made with `monitorCommands`. Only the name of a command is passed
 * on: its documents and filters may be personal. The driver ends each command that it begins with one more event.
 * @returns ends it
 */
export function observeMongodb(
  connection: Connection,
  { storeCall }: Pick<Instrumentation, 'storeCall'>,
): () => void {
  const client = connection.getClient()
  const ends = new Map<number, (outcome: 'done' | 'failed') => void>()
  const begin = ({ requestId, commandName }: mongo.CommandStartedEvent) =>
    void ends.set(requestId, storeCall('mongodb', commandName))
  const endWith =
    (outcome: 'done' | 'failed') =>
    ({ requestId }: { readonly requestId: number }) => {
      ends.get(requestId)?.(outcome)
      ends.delete(requestId)
    }
  const [done, failed] = [endWith('done'), endWith('failed')]
  client.on('commandStarted', begin)
  client.on('commandSucceeded', done)
  client.on('commandFailed', failed)
  return () => {
    client.off('commandStarted', begin)
    client.off('commandSucceeded', done)
    client.off('commandFailed', failed)
  }
}
