import mongoose from 'mongoose'

const { mongo } = mongoose

/** Whether MongoDB rejected a write, or one of several, with DuplicateKey. */
export const isDuplicateKey = (
  error: unknown,
): error is InstanceType<typeof mongo.MongoServerError> =>
  error instanceof mongo.MongoServerError && error.code === 11000
