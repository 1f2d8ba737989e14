import { seededRandom } from '../../src/adapters/captcha/captcha-random.ts'
import { captchaVoice } from '../../src/adapters/captcha/captcha-sound.ts'

const speak = captchaVoice()
const fourCharacters = (wav: Buffer, from: number) =>
  wav.subarray(from, from + 4).toString('latin1')
const samples = (wav: Buffer) =>
  Array.from({ length: (wav.length - 44) / 2 }, (_, at) => wav.readInt16LE(44 + 2 * at) / 32768)

test.each(['zh-CN', 'en'] as const)(
  'the sound in %s is a WAV file with 8 kHz, 16 bit, mono',
  (locale) => {
    const wav = speak('H3K7', locale, seededRandom('seed'))
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

test('the sound says four characters twice: eight loud stretches with pauses between them', () => {
  for (const seed of ['one', 'two', 'three']) {
    const track = samples(speak('H3K7', 'zh-CN', seededRandom(seed)))
    expect(track.length / 8000).toBeGreaterThan(7)
    expect(track.length / 8000).toBeLessThan(16)
    expect(stretches(track)).toBe(8)
  }
})

test.each(['0123', '4567', '89AB', 'CDEF', 'GHIJ', 'KLMN', 'OPQR', 'STUV', 'WXYZ'])(
  'every answer that can be fixed in the settings can be spoken: %s',
  (answer) => {
    for (const locale of ['zh-CN', 'en'] as const)
      expect(stretches(samples(speak(answer, locale, seededRandom('seed'))))).toBe(8)
  },
)

test('digits are spoken in the language of the page, and letters by their English names in both', () => {
  const seed = () => seededRandom('seed')
  expect(speak('3333', 'en', seed()).length).not.toBe(speak('3333', 'zh-CN', seed()).length)
  expect(speak('HHHH', 'en', seed()).length).toBe(speak('HHHH', 'zh-CN', seed()).length)
})

test('two sounds of one answer differ', () => {
  const one = samples(speak('H3K7', 'en', seededRandom('one')))
  const two = samples(speak('H3K7', 'en', seededRandom('two')))
  expect(one.length).not.toBe(two.length)
})

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
