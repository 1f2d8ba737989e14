// The part of MongoDB's wire protocol (OP_MSG, BSON) that turns a server into a one-node replica set before any package
// is installed. https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/ · https://bsonspec.org/spec.html
import { connect } from 'node:net'

const opMsg = 2013

/**
 * Sends one command on a new connection and returns the answer.
 * @param {number} port on 127.0.0.1
 * @param {object} command its first key is the command's name
 * @returns {Promise<Record<string, any>>} the answer; `ok` is 1 or 0
 */
export function mongoCommand(port, command) {
  const body = encode({ ...command, $db: 'admin' })
  const head = Buffer.alloc(21)
  head.writeInt32LE(head.length + body.length, 0)
  head.writeInt32LE(opMsg, 12)
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(Buffer.concat([head, body])))
    let answer = Buffer.alloc(0)
    socket.setTimeout(10_000, () => socket.destroy(new Error('MongoDB does not answer')))
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk])
      if (answer.length < 4 || answer.length < answer.readInt32LE(0)) return
      resolve(decode(answer.subarray(head.length)))
      socket.end()
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('MongoDB closed the connection')))
  })
}

function encode(document) {
  const elements = Object.entries(document).map(([name, value]) => {
    const [type, bytes] = encodeValue(value)
    return Buffer.concat([Buffer.from([type]), Buffer.from(`${name}\0`), bytes])
  })
  const length = 5 + elements.reduce((sum, element) => sum + element.length, 0)
  return Buffer.concat([int32(length), ...elements, Buffer.from([0])])
}

function encodeValue(value) {
  if (typeof value === 'string') {
    const text = Buffer.from(`${value}\0`)
    return [0x02, Buffer.concat([int32(text.length), text])]
  }
  if (typeof value === 'boolean') return [0x08, Buffer.from([value ? 1 : 0])]
  if (typeof value === 'number') return [0x10, int32(value)]
  return [Array.isArray(value) ? 0x04 : 0x03, encode(value)]
}

function int32(number) {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(number)
  return bytes
}

/** Decodes a document. Values that are not needed here (times, ids) become undefined. */
function decode(bytes) {
  const document = {}
  let at = 4
  while (bytes[at]) {
    const type = bytes[at]
    const end = bytes.indexOf(0, at)
    const name = bytes.toString('utf8', at + 1, end)
    const [value, length] = decodeValue(type, bytes.subarray(end + 1))
    document[name] = value
    at = end + 1 + length
  }
  return document
}

function decodeValue(type, bytes) {
  switch (type) {
    case 0x01:
      return [bytes.readDoubleLE(), 8]
    case 0x02:
      return [bytes.toString('utf8', 4, 3 + bytes.readInt32LE()), 4 + bytes.readInt32LE()]
    case 0x03:
      return [decode(bytes), bytes.readInt32LE()]
    case 0x04:
      return [Object.values(decode(bytes)), bytes.readInt32LE()]
    case 0x05:
      return [undefined, 5 + bytes.readInt32LE()]
    case 0x07:
      return [undefined, 12]
    case 0x08:
      return [bytes[0] === 1, 1]
    case 0x0a:
      return [null, 0]
    case 0x10:
      return [bytes.readInt32LE(), 4]
    case 0x09:
    case 0x11:
    case 0x12:
      return [undefined, 8]
    default:
      throw new Error(`MongoDB answers with a BSON type that is not known here (${type})`)
  }
}
