import mongoose, { type Collection, type mongo } from 'mongoose'

/** Creates indexes and waits until the server has built them, also for longer than the driver waits for an answer. */
export const buildIndexes = <T extends mongo.BSON.Document>(
  collection: Pick<Collection<T>, 'createIndexes'>,
  indexes: mongo.IndexDescription[],
): Promise<void> => untilBuilt(() => collection.createIndexes(indexes))

/**
 * Repeats `create` when it gets no answer in time: the server goes on with an index whose client has left, and the same
 * command waits for it. A server that answers nothing at all ends this with another error.
 */
export async function untilBuilt(create: () => Promise<unknown>): Promise<void> {
  for (;;)
    try {
      await create()
      return
    } catch (error) {
      if (!(error instanceof mongoose.mongo.MongoNetworkTimeoutError)) throw error
    }
}
