import mongoose from 'mongoose'

const { mongo } = mongoose

/** MongoDB's error codes (`src/mongo/base/error_codes.yml`) that describe the state of the servers, not a wrong command. */
const outageCodes: ReadonlySet<unknown> = new Set([
  6, // HostUnreachable
  7, // HostNotFound
  24, // LockTimeout
  39, // FileStreamFailed
  46, // LockBusy
  50, // MaxTimeMSExpired
  64, // WriteConcernTimeout
  89, // NetworkTimeout
  91, // ShutdownInProgress
  100, // UnsatisfiableWriteConcern
  112, // WriteConflict
  133, // FailedToSatisfyReadPreference
  134, // ReadConcernMajorityNotAvailableYet
  189, // PrimarySteppedDown
  202, // NetworkInterfaceExceededTimeLimit
  251, // NoSuchTransaction: the server has ended it
  262, // ExceededTimeLimit
  290, // TransactionExceededLifetimeLimitSeconds
  365, // TemporarilyUnavailable
  371, // UserWritesBlocked
  9001, // SocketException
  10058, // LegacyNotPrimary
  10107, // NotWritablePrimary
  11600, // InterruptedAtShutdown
  11602, // InterruptedDueToReplStateChange
  13435, // NotPrimaryNoSecondaryOk
  13436, // NotPrimaryOrSecondary
  14031, // OutOfDiskSpace
])

const outageClasses = [
  mongo.MongoNetworkError,
  mongo.MongoServerSelectionError,
  mongo.MongoNotConnectedError,
  mongo.MongoTopologyClosedError,
  mongo.MongoWriteConcernError,
  mongo.MongoOperationTimeoutError,
]

/** Labels with which the driver marks errors that a repetition may solve: the command is correct. */
const outageLabels = [
  'RetryableWriteError',
  'TransientTransactionError',
  'UnknownTransactionCommitResult',
]

/** Errors of the driver's connection pools are identified by their name only. */
const poolErrors = /^Mongo(Pool\w+|ConnectionPool\w+|WaitQueueTimeout)Error$/

/** Whether an error of MongoDB is an outage, and not a mistake in a command or in the configuration. */
export function isMongoOutage(error: unknown): boolean {
  if (!(error instanceof mongo.MongoError)) return false
  return (
    outageCodes.has(error.code) ||
    outageClasses.some((outage) => error instanceof outage) ||
    outageLabels.some((label) => error.hasErrorLabel(label)) ||
    poolErrors.test(error.name) ||
    isCutOff(error)
  )
}

/** The driver wraps an error of the connection into that of a write of several documents, which then has no code. */
const isCutOff = (error: unknown): boolean =>
  error instanceof mongo.MongoBulkWriteError && error.code === undefined
