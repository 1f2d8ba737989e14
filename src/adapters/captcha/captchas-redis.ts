import { createHash, randomBytes, randomInt } from 'node:crypto'
import { captchaDigits } from '../../../config/limits/captcha-limits.ts'
import { compact } from '../../people/fields/typed-text.ts'
import type { CaptchaLevel, CaptchaPart, Captchas, ShownCaptcha } from '../../ports/captchas.ts'
import type { RedisStore } from '../redis/redis-store.ts'
import { drawCaptcha } from './captcha-picture.ts'
import { seededRandom } from './captcha-random.ts'
import { captchaVoice } from './captcha-sound.ts'

type StoredCaptcha = {
  readonly purpose: string
  readonly level: CaptchaLevel
  /** The answers to the first picture and, at the hardest level, to the second. */
  readonly answers: Readonly<Partial<Record<CaptchaPart, string>>>
}

/**
 * Each captcha has one key with its expiry (ms) and its encrypted answers, from which picture and sound are made when
 * they are requested. With `fixedAnswer` (CAPTCHA_FIXED_ANSWER) every captcha has that answer.
 */
export function captchasRedis({
  redis,
  keyPrefix,
  encryption,
  clock,
  lifetime,
  length,
  work: { most },
  fixedAnswer,
}: RedisStore & {
  /** Seconds. */
  readonly lifetime: number
  readonly length: number
  readonly work: { readonly most: number }
  readonly fixedAnswer: string | undefined
}): Captchas {
  const speak = captchaVoice()
  const keyOf = (id: string) => `${keyPrefix}captcha:${id}`
  const context = (id: string) => ({ collection: 'captcha', record: id, field: 'answer' })
  // The seed is secret: a program that knew it could draw the same noise and subtract it from the picture.
  const randomOf = (what: string, id: string) => seededRandom(encryption.blindIndex(what, id))

  const draw = () =>
    fixedAnswer?.toUpperCase() ??
    Array.from({ length }, () => captchaDigits.charAt(randomInt(captchaDigits.length))).join('')

  /** The captcha in a stored value that has not expired. */
  const captchaIn = (id: string, stored: string | null): StoredCaptcha | undefined => {
    const [until = '', encrypted = ''] = stored?.split(' ') ?? []
    return stored && clock() < Number(until)
      ? (JSON.parse(encryption.decrypt(encrypted, context(id))) as StoredCaptcha)
      : undefined
  }
  const read = async (id: string) => captchaIn(id, await redis.get(keyOf(id)))

  /** The number that the script has to find. It is computed, so that nothing more is stored. */
  const workOf = (id: string) =>
    Math.floor(randomOf('captcha.work', id).between(0, most)).toString()

  const shown = (id: string, level: CaptchaLevel): ShownCaptcha =>
    level === 'hardest'
      ? { id, level, work: { target: sha256(`${id}.${workOf(id)}`), most } }
      : { id, level }

  return {
    async issue(purpose, level) {
      const id = randomBytes(16).toString('base64url')
      const answers = { first: draw(), ...(level === 'hardest' && { second: draw() }) }
      const captcha: StoredCaptcha = { purpose, level, answers }
      const encrypted = encryption.encrypt(JSON.stringify(captcha), context(id))
      await redis.set(keyOf(id), `${clock() + lifetime * 1000} ${encrypted}`, 'EX', lifetime)
      return shown(id, level)
    },
    async find(id, purpose) {
      const captcha = await read(id)
      return captcha?.purpose === purpose ? shown(id, captcha.level) : undefined
    },
    async picture(id, part) {
      const captcha = await read(id)
      const answer = captcha?.answers[part]
      return captcha && answer
        ? drawCaptcha(answer, captcha.level, randomOf(`captcha.picture.${part}`, id))
        : undefined
    },
    async sound(id, part, locale) {
      const captcha = await read(id)
      const answer = captcha?.answers[part]
      return captcha && answer
        ? speak(answer, locale, captcha.level, randomOf(`captcha.sound.${part}.${locale}`, id))
        : undefined
    },
    async answer(id, purpose, { typed, second, work }) {
      // GETDEL removes the captcha, so of concurrent answers only one is compared.
      const stored = await redis.getdel(keyOf(id))
      const captcha = captchaIn(id, stored)
      if (captcha?.purpose !== purpose || !isSame(typed, captcha.answers.first)) return 'wrong'
      const { level } = captcha
      if (level !== 'hardest' || work === workOf(id)) return level
      if (stored && compact(second ?? '') === '') {
        await putBack(id, stored)
        return 'incomplete'
      }
      return isSame(second, captcha.answers.second) ? level : 'wrong'
    },
  }

  async function putBack(id: string, stored: string): Promise<void> {
    const left = Number.parseInt(stored, 10) - clock()
    await redis.set(keyOf(id), stored, 'PX', Math.max(1, Math.ceil(left)))
  }

  /** Compares blind indexes, so the time of the comparison tells nothing about the answer. */
  function isSame(typed = '', answer = ''): boolean {
    const index = (text: string) => encryption.blindIndex('captcha', asRead(text))
    return index(typed) === index(answer)
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** Characters that no answer has. A person who types one has misread the digit that it looks like. */
const lookAlikes: Readonly<Record<string, string>> = { 1: '7', O: '0', Z: '2', S: '5', B: '8' }
const asRead = (typed: string) =>
  compact(typed)
    .toUpperCase()
    .replace(/./gu, (character) => lookAlikes[character] ?? character)
