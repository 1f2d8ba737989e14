import { seededRandom } from '../../src/adapters/captcha/captcha-random.ts'
import { captchaVoice } from '../../src/adapters/captcha/captcha-sound.ts'
import type { CaptchaLevel } from '../../src/ports/captchas.ts'

const speak = captchaVoice()
const fourCharacters = (wav: Buffer, from: number) =>
  wav.subarray(from, from + 4).toString('latin1')
const samples = (wav: Buffer) =>
  Array.from({ length: (wav.length - 44) / 2 }, (_, at) => wav.readInt16LE(44 + 2 * at) / 32768)

test.each(['zh-CN', 'en'] as const)(
  'the sound in %s is a WAV file with 8 kHz, 16 bit, mono',
  (locale) => {
    const wav = speak('350729', locale, 'hard', seededRandom('seed'))
    expect([
      fourCharacters(wav, 0),
      fourCharacters(wav, 8),
      fourCharacters(wav, 12),
      fourCharacters(wav, 36),
    ]).toEqual(['RIFF', 'WAVE', 'fmt ', 'data'])
    expect(wav.readUInt32LE(4)).toBe(wav.length - 8)
    expect([wav.readUInt16LE(20), wav.readUInt16LE(22), wav.readUInt32LE(24)]).toEqual([1, 1, 8000])
    expect([wav.readUInt32LE(28), wav.readUInt16LE(32), wav.readUInt16LE(34)]).toEqual([
      16000, 2, 16,
    ])
    expect(wav.readUInt32LE(40)).toBe(wav.length - 44)
  },
)

test.each([
  ['gentle', 12],
  ['middle', 12],
  ['hard', 24],
] as const)(
  'the sound at the level %s has %i loud stretches with pauses: each word twice',
  (level, words) => {
    for (const seed of ['one', 'two', 'three']) {
      const track = samples(speak('350729', 'zh-CN', level, seededRandom(seed)))
      expect(track.length / 8000).toBeGreaterThan(words * 0.8)
      expect(track.length / 8000).toBeLessThan(words * 2)
      expect(stretches(track)).toBe(words)
    }
  },
)

test('a tone comes before each digit of the answer at the hard levels, and before no other', () => {
  const tonesIn = (level: CaptchaLevel) =>
    countTones(samples(speak('350729', 'en', level, seededRandom('seed'))))
  expect([tonesIn('gentle'), tonesIn('middle'), tonesIn('hard')]).toEqual([0, 0, 12])
})

test.each(['0123', '4567', '89AB', 'CDEF', 'GHIJ', 'KLMN', 'OPQR', 'STUV', 'WXYZ'])(
  'every answer that can be fixed in the settings can be spoken: %s',
  (answer) => {
    for (const locale of ['zh-CN', 'en'] as const)
      expect(stretches(samples(speak(answer, locale, 'middle', seededRandom('seed'))))).toBe(8)
  },
)

test('digits are spoken in the language of the page, and letters by their English names in both', () => {
  const length = (answer: string, locale: 'zh-CN' | 'en') =>
    speak(answer, locale, 'gentle', seededRandom('seed')).length
  expect(length('3333', 'en')).not.toBe(length('3333', 'zh-CN'))
  expect(length('HHHH', 'en')).toBe(length('HHHH', 'zh-CN'))
})

test('two sounds of one answer differ', () => {
  const one = samples(speak('350729', 'en', 'gentle', seededRandom('one')))
  const two = samples(speak('350729', 'en', 'gentle', seededRandom('two')))
  expect(one.length).not.toBe(two.length)
})

/** Counts the stretches in which nearly all energy of 40 ms is at 660 Hz (Goertzel's algorithm). */
function countTones(track: readonly number[]): number {
  const size = 320
  const turn = 2 * Math.cos((2 * Math.PI * 660) / 8000)
  let count = 0
  let isTone = false
  for (let from = 0; from + size <= track.length; from += size) {
    const part = track.slice(from, from + size)
    const [last, before] = part.reduce(
      ([one, two], sample) => [sample + turn * one - two, one],
      [0, 0],
    )
    const energy = part.reduce((sum, sample) => sum + sample * sample, 0)
    const share = (last * last + before * before - turn * last * before) / (size / 2) / energy
    const now = share > 0.7 && energy / size > 0.01
    if (now && !isTone) count += 1
    isTone = now
  }
  return count
}

/** Counts the stretches that are louder than the background murmur, with a pause of at least 240 ms between them. */
function stretches(track: readonly number[]): number {
  const step = 160
  const loud = Array.from({ length: Math.floor(track.length / step) }, (_, at) => {
    const part = track.slice(at * step, (at + 1) * step)
    return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / step)
  })
  const threshold = 0.35 * Math.max(...loud)
  let count = 0
  let last = Number.NEGATIVE_INFINITY
  for (const [at, level] of loud.entries()) {
    if (level < threshold) continue
    if (at - last > 12) count += 1
    last = at
  }
  return count
}
