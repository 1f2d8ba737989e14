import type { Locale } from '../../../config/sentences.ts'
import type { CaptchaLevel } from '../../ports/captchas.ts'
import type { SeededRandom } from './captcha-random.ts'
import { rate, samplesOf, wav } from './captcha-wav.ts'

const folder = new URL('../../../assets/captcha/speech/', import.meta.url)

const digits = [...'0123456789']
const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']

const characters = ['0', ...digits.slice(1), ...letters] as const

type Speech = ReadonlyMap<string, Float32Array>
type Word = { readonly character: string; readonly isMarked: boolean }

type Style = {
  /** How loud the voices in the background are, as a multiple of the usual. */
  readonly murmur: number
  /** How many digits that are no part of the answer are spoken among the others. A tone marks those of the answer. */
  readonly decoys: number
}

const hard: Style = { murmur: 1, decoys: 6 }
const styles: Readonly<Record<CaptchaLevel, Style>> = {
  gentle: { murmur: 0, decoys: 0 },
  middle: { murmur: 1, decoys: 0 },
  hard,
  hardest: hard,
}

type Speak = (answer: string, locale: Locale, level: CaptchaLevel, random: SeededRandom) => Buffer

/** Loads the spoken characters and returns a function that makes a WAV file of an answer. */
export function captchaVoice(): Speak {
  // Letters are spoken by their English names in both languages.
  const names = letters.map((letter) => [letter, recording(`en-${letter}`)] as const)
  const speechIn = (locale: Locale): Speech =>
    new Map([...digits.map((digit) => [digit, recording(`${locale}-${digit}`)] as const), ...names])
  const speech = { 'zh-CN': speechIn('zh-CN'), en: speechIn('en') }
  return (answer, locale, level, random) =>
    wav(speak([...answer], speech[locale], styles[level], random))
}

const recording = (name: string) => samplesOf(new URL(`${name}.wav`, folder))

/**
 * Speaks the answer twice, slowly. Other voices speak backwards in the background, and pace, pitch, loudness and pauses
 * are random, so that a program learns little by comparing it with the recordings. A listener follows the loudest voice.
 */
function speak(
  answer: readonly string[],
  speech: Speech,
  { murmur, decoys }: Style,
  random: SeededRandom,
): Float32Array {
  const words = withDecoys(answer, decoys, random)
  const spoken = [...words, ...words].map(({ character, isMarked }) => {
    const word = louder(
      paced(recordingOf(character, speech), random.between(0.9, 1.12)),
      random.between(0.8, 1),
    )
    return decoys > 0 && isMarked ? joined(tone, word) : word
  })
  const pauses = spoken.map((_, at) =>
    Math.round(rate * (at === words.length ? random.between(1.2, 1.6) : random.between(0.5, 0.8))),
  )
  const length = spoken.reduce((sum, word, at) => sum + word.length + (pauses[at] ?? 0), rate)
  const track = new Float32Array(length)
  let at = 0
  for (const [index, word] of spoken.entries()) {
    at += pauses[index] ?? 0
    mix(track, word, at)
    at += word.length
  }
  if (murmur > 0) addMurmur(track, murmur, speech, random)
  addHiss(track, random)
  return track
}

/** The words of the answer in their order, among digits that are no part of it. */
function withDecoys(
  answer: readonly string[],
  decoys: number,
  random: SeededRandom,
): readonly Word[] {
  const words: Word[] = answer.map((character) => ({ character, isMarked: true }))
  for (let count = 0; count < decoys; count += 1) {
    const at = Math.floor(random.between(0, words.length + 1))
    words.splice(at, 0, { character: random.pick(spokenDecoys), isMarked: false })
  }
  return words
}

const spokenDecoys = ['0', '2', '3', '4', '5', '6', '7', '8', '9'] as const

/** A short tone that an older ear hears well, and a pause. */
const tone = Float32Array.from({ length: 0.2 * rate }, (_, at) => {
  const swell = Math.min(1, at / 160, Math.max(0, 0.16 * rate - at) / 160)
  return 0.5 * swell * Math.sin((2 * Math.PI * 660 * at) / rate)
})

/** Adds other characters, backwards and at other pitches, over the whole length. */
function addMurmur(track: Float32Array, by: number, speech: Speech, random: SeededRandom): void {
  for (let at = 0; at < track.length; at += Math.round(rate * random.between(0.15, 0.35))) {
    const character = random.pick(characters)
    const word = paced(recordingOf(character, speech), random.between(0.7, 1.5))
    mix(track, louder(word.reverse(), by * random.between(0.12, 0.26)), at)
  }
}

function addHiss(track: Float32Array, random: SeededRandom): void {
  const hiss = random.bytes(track.length)
  for (let i = 0; i < track.length; i++)
    track[i] = (track[i] ?? 0) + ((hiss[i] ?? 0) / 128 - 1) * 0.02
}

function recordingOf(character: string, speech: Speech): Float32Array {
  const word = speech.get(character)
  if (!word) throw new Error('no recording of this character for the captcha')
  return word
}

/** Plays faster and higher if `pace` is above 1, slower and lower if it is below. */
const paced = (samples: Float32Array, pace: number): Float32Array =>
  new Float32Array(Math.floor(samples.length / pace)).map((_, at) => {
    const from = Math.floor(at * pace)
    const between = at * pace - from
    return (samples[from] ?? 0) * (1 - between) + (samples[from + 1] ?? 0) * between
  })

const louder = (samples: Float32Array, by: number) => samples.map((sample) => sample * by)

function joined(first: Float32Array, second: Float32Array): Float32Array {
  const both = new Float32Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}

function mix(track: Float32Array, samples: Float32Array, at: number): void {
  const end = Math.min(samples.length, track.length - at)
  for (let i = 0; i < end; i++) track[at + i] = (track[at + i] ?? 0) + (samples[i] ?? 0)
}
