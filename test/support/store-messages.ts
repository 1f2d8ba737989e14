/**
 * Whether a message to MongoDB (OP_MSG) may change what is stored. A message of another form counts as a change, and
 * so does the rest of a message that arrives in several parts.
 */
export function changesMongo(message: Buffer): boolean {
  // int32 length, request id, response to, opcode 2013, flags, section kind 0; BSON: int32 length, type of the first element
  if (message.length < 27 || message.readInt32LE(12) !== opMsg) return true
  // The report of a process every few seconds (follow-data-keys.ts) belongs to no request.
  if (message.includes('data_key_readers')) return false
  const end = message.indexOf(0, 26)
  return !mongoReads.has(message.toString('latin1', 26, end))
}

/** Whether one of the commands in a message to Redis (RESP) may change what is stored. A script counts as a change. */
export function changesRedis(message: Buffer): boolean {
  return (commandsOf(message) ?? ['?']).some((name) => !redisReads.has(name.toLowerCase()))
}

const opMsg = 2013

/** Commands that change nothing, including those that the driver sends by itself. */
const mongoReads = new Set([
  ...['hello', 'ismaster', 'isMaster', 'ping', 'endSessions', 'buildInfo'],
  ...['find', 'getMore', 'count', 'distinct', 'listCollections', 'listIndexes'],
])

const redisReads = new Set([
  ...['ping', 'info', 'exists', 'ttl', 'pttl', 'get', 'mget', 'hget', 'hmget', 'hgetall'],
  ...['zrange', 'zrangebyscore', 'zscore', 'zcard', 'smembers', 'sismember'],
])

/** The names of the commands in a message, or undefined if its last command is incomplete. */
function commandsOf(message: Buffer): readonly string[] | undefined {
  const names: string[] = []
  let at = 0
  /** `*3` begins an array of three elements, `$5` a string of five bytes. */
  const next = (mark: string): number | undefined => {
    const end = message.indexOf('\r\n', at)
    const line = message.toString('latin1', at, end)
    at = end + 2
    return end >= 0 && line.startsWith(mark) ? Number(line.slice(1)) : undefined
  }
  while (at < message.length) {
    const parts = next('*')
    for (let part = 0; part < (parts ?? 1); part += 1) {
      const length = next('$')
      if (parts === undefined || length === undefined || at + length > message.length) return
      if (part === 0) names.push(message.toString('latin1', at, at + length))
      at += length + 2
    }
  }
  return names
}

/** Returns the logical session id of an OP_MSG in hex. Its transaction stays open for a minute after the client has died. */
export function sessionOf(message: Buffer): string | undefined {
  const text = message.toString('latin1')
  const at = text.indexOf('\x03lsid\0')
  // int32 length, 0x05 "id\0", int32 16, subtype 4, 16 bytes
  const start = at + '\x03lsid\0'.length + 4 + '\x05id\0'.length + 5
  return at < 0 ? undefined : message.subarray(start, start + 16).toString('hex')
}
