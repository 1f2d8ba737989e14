import { readFileSync } from 'node:fs'

/** Samples per second. The recordings are 16-bit mono (assets/captcha/make-speech.sh). */
export const rate = 8000
const headerBytes = 44

/** Reads a recording as samples between -1 and 1. */
export function samplesOf(file: URL): Float32Array {
  const bytes = readFileSync(file)
  return new Float32Array((bytes.length - headerBytes) / 2).map(
    (_, at) => bytes.readInt16LE(headerBytes + 2 * at) / 32768,
  )
}

/** Encodes RIFF WAVE with 16-bit PCM. */
export function wav(track: Float32Array): Buffer {
  const bytes = Buffer.alloc(headerBytes + 2 * track.length)
  bytes.write('RIFF', 0)
  bytes.writeUInt32LE(bytes.length - 8, 4)
  bytes.write('WAVEfmt ', 8)
  bytes.writeUInt32LE(16, 16)
  bytes.writeUInt16LE(1, 20)
  bytes.writeUInt16LE(1, 22)
  bytes.writeUInt32LE(rate, 24)
  bytes.writeUInt32LE(2 * rate, 28)
  bytes.writeUInt16LE(2, 32)
  bytes.writeUInt16LE(16, 34)
  bytes.write('data', 36)
  bytes.writeUInt32LE(2 * track.length, 40)
  for (let at = 0; at < track.length; at++) {
    const sample = Math.max(-1, Math.min(1, track[at] ?? 0))
    bytes.writeInt16LE(Math.round(sample * 32767), headerBytes + 2 * at)
  }
  return bytes
}
