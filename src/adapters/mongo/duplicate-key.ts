import mongoose from 'mongoose'

const { mongo } = mongoose

/** MongoDB's DuplicateKey, of a single write or of one of several. */
export const isDuplicateKey = (
  error: unknown,
): error is InstanceType<typeof mongo.MongoServerError> =>
  error instanceof mongo.MongoServerError && error.code === 11000
