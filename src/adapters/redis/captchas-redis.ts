import { randomBytes, randomInt } from 'node:crypto'
import { compact } from '../../people/fields/typed-text.ts'
import type { Captchas } from '../../ports/captchas.ts'
import { drawCaptcha } from '../captcha/captcha-picture.ts'
import { seededRandom } from '../captcha/captcha-random.ts'
import { captchaVoice } from '../captcha/captcha-sound.ts'
import type { RedisStore } from './redis-store.ts'

/** Apart to the eye when striped, and to the ear in both languages (docs/decisions/0010, 0132). */
export const alphabet = '234679FHKL'

/**
 * One key for each captcha: its end (ms) and its sealed answer, since picture and sound are made of it when they are
 * asked for. `fixedAnswer` (CAPTCHA_FIXED_ANSWER) makes every captcha have that one.
 */
export function captchasRedis({
  redis,
  keyPrefix,
  encryption,
  clock,
  lifetime,
  length,
  fixedAnswer,
}: RedisStore & {
  /** Seconds. */
  readonly lifetime: number
  readonly length: number
  readonly fixedAnswer: string | undefined
}): Captchas {
  const speak = captchaVoice()
  const keyOf = (id: string) => `${keyPrefix}captcha:${id}`
  const context = (id: string) => ({ collection: 'captcha', record: id, field: 'answer' })
  // Who knows an id must not be able to draw the picture, or noise could be taken away from it.
  const randomOf = (what: string, id: string) => seededRandom(encryption.blindIndex(what, id))

  const draw = () =>
    Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('')

  /** The answer of what the store held, if it was still good. */
  const answerIn = (id: string, held: string | null): string | undefined => {
    const [until = '', sealed = ''] = held?.split(' ') ?? []
    return held && clock() < Number(until) ? encryption.decrypt(sealed, context(id)) : undefined
  }
  const answerOf = async (id: string) => answerIn(id, await redis.get(keyOf(id)))

  return {
    async issue() {
      const id = randomBytes(16).toString('base64url')
      const sealed = encryption.encrypt(fixedAnswer?.toUpperCase() ?? draw(), context(id))
      await redis.set(keyOf(id), `${clock() + lifetime * 1000} ${sealed}`, 'EX', lifetime)
      return id
    },
    isOpen: async (id) => (await answerOf(id)) !== undefined,
    async picture(id) {
      const answer = await answerOf(id)
      return answer === undefined ? undefined : drawCaptcha(answer, randomOf('captcha.picture', id))
    },
    async sound(id, locale) {
      const answer = await answerOf(id)
      return answer === undefined
        ? undefined
        : speak(answer, locale, randomOf(`captcha.sound.${locale}`, id))
    },
    async answer(id, typed) {
      // Taken out by whoever comes first: nobody else finds it.
      const answer = answerIn(id, await redis.getdel(keyOf(id)))
      return answer !== undefined && sameDigest(asRead(typed), asRead(answer))
    },
  }

  /** Digests take the same time to compare wherever they differ. */
  function sameDigest(a: string, b: string): boolean {
    return encryption.blindIndex('captcha', a) === encryption.blindIndex('captcha', b)
  }
}

/** In no answer; whoever types one read the striped character that it looks like. */
const lookAlikes: Readonly<Record<string, string>> = {
  ...{ A: '4', B: '3', E: 'F', G: '6', N: 'H', P: 'F', S: '6', T: '7', X: 'K', Y: '7', Z: '2' },
  ...{ 5: '6', 8: '3' },
}
const asRead = (typed: string) =>
  compact(typed)
    .toUpperCase()
    .replace(/./gu, (character) => lookAlikes[character] ?? character)
