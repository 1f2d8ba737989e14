import { randomBytes, randomInt } from 'node:crypto'
import { compact } from '../../people/fields/typed-text.ts'
import type { Captchas } from '../../ports/captchas.ts'
import { drawCaptcha } from '../captcha/captcha-picture.ts'
import { seededRandom } from '../captcha/captcha-random.ts'
import { captchaVoice } from '../captcha/captcha-sound.ts'
import type { RedisStore } from './redis-store.ts'

/** Characters that differ to the eye when striped, and to the ear in both languages (decisions 0010 and 0132). */
export const alphabet = '234679FHKL'

/**
 * Each captcha has one key with its expiry (ms) and its encrypted answer, from which picture and sound are made when they
 * are requested. With `fixedAnswer` (CAPTCHA_FIXED_ANSWER) every captcha has that answer.
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
  // The seed is secret: a program that knew it could draw the same noise and subtract it from the picture.
  const randomOf = (what: string, id: string) => seededRandom(encryption.blindIndex(what, id))

  const draw = () =>
    Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('')

  /** The answer in a stored value that has not expired. */
  const answerIn = (id: string, stored: string | null): string | undefined => {
    const [until = '', encrypted = ''] = stored?.split(' ') ?? []
    return stored && clock() < Number(until)
      ? encryption.decrypt(encrypted, context(id))
      : undefined
  }
  const answerOf = async (id: string) => answerIn(id, await redis.get(keyOf(id)))

  return {
    async issue() {
      const id = randomBytes(16).toString('base64url')
      const encrypted = encryption.encrypt(fixedAnswer?.toUpperCase() ?? draw(), context(id))
      await redis.set(keyOf(id), `${clock() + lifetime * 1000} ${encrypted}`, 'EX', lifetime)
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
      // GETDEL removes the captcha, so of concurrent answers only one is compared.
      const answer = answerIn(id, await redis.getdel(keyOf(id)))
      return answer !== undefined && hasSameIndex(asRead(typed), asRead(answer))
    },
  }

  /** Compares blind indexes, so the time of the comparison tells nothing about the answer. */
  function hasSameIndex(a: string, b: string): boolean {
    return encryption.blindIndex('captcha', a) === encryption.blindIndex('captcha', b)
  }
}

/** Characters that no answer has. A person who types one has misread the striped character that it looks like. */
const lookAlikes: Readonly<Record<string, string>> = {
  ...{ A: '4', B: '3', E: 'F', G: '6', N: 'H', P: 'F', S: '6', T: '7', X: 'K', Y: '7', Z: '2' },
  ...{ 5: '6', 8: '3' },
}
const asRead = (typed: string) =>
  compact(typed)
    .toUpperCase()
    .replace(/./gu, (character) => lookAlikes[character] ?? character)
