/**
 * Writes sample captchas of a level as `NNNN-ANSWER.png` and as `.wav` in both languages, and prints what a picture takes.
 * Usage: npx tsx bench/captcha-pictures.ts DIRECTORY [LEVEL [COUNT [SERIES]]]; then bench/captcha-read.py DIRECTORY
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { captchaDigits as digits } from '../config/limits/captcha-limits.ts'
import { policy } from '../config/limits-and-lifetimes.ts'
import { drawCaptcha } from '../src/adapters/captcha/captcha-picture.ts'
import { seededRandom } from '../src/adapters/captcha/captcha-random.ts'
import { captchaVoice } from '../src/adapters/captcha/captcha-sound.ts'
import { captchaLevels } from '../src/ports/captchas.ts'

const [directory = 'captchas', named = 'hard', count = '200', series = ''] = process.argv.slice(2)
const level = captchaLevels.find((each) => each === named) ?? 'hard'
const characters = [...digits] as [string, ...string[]]
const answers = seededRandom(`answers ${series}`)
mkdirSync(directory, { recursive: true })
const speak = captchaVoice()
let spent = 0
let bytes = 0
for (let i = 0; i < Number(count); i++) {
  const { length } = policy().captcha
  const answer = Array.from({ length }, () => answers.pick(characters)).join('')
  const file = join(directory, `${String(i).padStart(4, '0')}-${answer}`)
  const began = performance.now()
  const picture = drawCaptcha(answer, level, seededRandom(`picture ${series} ${i}`))
  spent += performance.now() - began
  bytes += picture.length
  writeFileSync(`${file}.png`, picture)
  for (const locale of ['en', 'zh-CN'] as const)
    writeFileSync(
      `${file}.${locale}.wav`,
      speak(answer, locale, level, seededRandom(`sound ${series} ${i}`)),
    )
}
console.log(
  `${(spent / Number(count)).toFixed(1)} ms, ${Math.round(bytes / Number(count))} bytes each`,
)
