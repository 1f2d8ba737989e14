import { readFileSync } from 'node:fs'
import type { Locale } from '../../../config/sentences.ts'
import type { SeededRandom } from './captcha-random.ts'

/** Samples per second. The recordings are 16-bit mono (assets/captcha/make-speech.sh). */
const rate = 8000
const headerBytes = 44
const folder = new URL('../../../assets/captcha/speech/', import.meta.url)

const digits = [...'0123456789']
const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']

const characters = ['0', ...digits.slice(1), ...letters] as const

type Speech = ReadonlyMap<string, Float32Array>

/** Loads the spoken characters and returns a function that makes a WAV file of an answer. */
export function captchaVoice(): (answer: string, locale: Locale, random: SeededRandom) => Buffer {
  // Letters are spoken by their English names in both languages.
  const names = letters.map((letter) => [letter, samples(`en-${letter}.wav`)] as const)
  const speechIn = (locale: Locale): Speech =>
    new Map([
      ...digits.map((digit) => [digit, samples(`${locale}-${digit}.wav`)] as const),
      ...names,
    ])
  const speech = { 'zh-CN': speechIn('zh-CN'), en: speechIn('en') }
  return (answer, locale, random) => wav(speak([...answer], speech[locale], random))
}

/**
 * Speaks the answer twice, slowly. Other voices speak backwards in the background, and pace, pitch, loudness and pauses
 * are random, so that a program learns little by comparing it with the recordings. A listener follows the loudest voice.
 */
function speak(answer: readonly string[], speech: Speech, random: SeededRandom): Float32Array {
  const words = [...answer, ...answer].map((character) =>
    louder(
      paced(recordingOf(character, speech), random.between(0.9, 1.12)),
      random.between(0.8, 1),
    ),
  )
  const pauses = words.map((_, at) =>
    Math.round(rate * (at === answer.length ? random.between(1.2, 1.6) : random.between(0.5, 0.8))),
  )
  const length = words.reduce((sum, word, at) => sum + word.length + (pauses[at] ?? 0), rate)
  const track = new Float32Array(length)
  let at = 0
  for (const [index, word] of words.entries()) {
    at += pauses[index] ?? 0
    mix(track, word, at)
    at += word.length
  }
  addMurmur(track, speech, random)
  return track
}

/** Adds other characters, backwards and at other pitches, over the whole length, and white noise. */
function addMurmur(track: Float32Array, speech: Speech, random: SeededRandom): void {
  for (let at = 0; at < track.length; at += Math.round(rate * random.between(0.15, 0.35))) {
    const character = random.pick(characters)
    const word = paced(recordingOf(character, speech), random.between(0.7, 1.5))
    mix(track, louder(word.reverse(), random.between(0.12, 0.26)), at)
  }
  const hiss = random.bytes(track.length)
  for (let i = 0; i < track.length; i++)
    track[i] = (track[i] ?? 0) + ((hiss[i] ?? 0) / 128 - 1) * 0.02
}

function recordingOf(character: string, speech: Speech): Float32Array {
  const word = speech.get(character)
  if (!word) throw new Error('no recording of this character for the captcha')
  return word
}

function samples(name: string): Float32Array {
  const file = readFileSync(new URL(name, folder))
  return new Float32Array((file.length - headerBytes) / 2).map(
    (_, at) => file.readInt16LE(headerBytes + 2 * at) / 32768,
  )
}

/** Plays faster and higher if `pace` is above 1, slower and lower if it is below. */
const paced = (samples: Float32Array, pace: number): Float32Array =>
  new Float32Array(Math.floor(samples.length / pace)).map((_, at) => {
    const from = Math.floor(at * pace)
    const between = at * pace - from
    return (samples[from] ?? 0) * (1 - between) + (samples[from + 1] ?? 0) * between
  })

const louder = (samples: Float32Array, by: number) => samples.map((sample) => sample * by)

function mix(track: Float32Array, samples: Float32Array, at: number): void {
  const end = Math.min(samples.length, track.length - at)
  for (let i = 0; i < end; i++) track[at + i] = (track[at + i] ?? 0) + (samples[i] ?? 0)
}

/** Encodes RIFF WAVE with 16-bit PCM. */
function wav(track: Float32Array): Buffer {
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
