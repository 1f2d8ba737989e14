/**
 * Writes sample captchas as `NNNN-ANSWER.png` and `.wav`, and prints the time that a picture takes.
 * Usage: npx tsx bench/captcha-pictures.ts DIRECTORY [COUNT [SERIES]]; then bench/captcha-read.py DIRECTORY
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { drawCaptcha } from '../src/adapters/captcha/captcha-picture.ts'
import { seededRandom } from '../src/adapters/captcha/captcha-random.ts'
import { captchaVoice } from '../src/adapters/captcha/captcha-sound.ts'
import { alphabet } from '../src/adapters/redis/captchas-redis.ts'

const [directory = 'captchas', count = '200', series = ''] = process.argv.slice(2)
const characters = [...alphabet] as [string, ...string[]]
const answers = seededRandom(`answers ${series}`)
mkdirSync(directory, { recursive: true })
const speak = captchaVoice()
let spent = 0
for (let i = 0; i < Number(count); i++) {
  const answer = Array.from({ length: 4 }, () => answers.pick(characters)).join('')
  const file = join(directory, `${String(i).padStart(4, '0')}-${answer}`)
  const began = performance.now()
  const picture = drawCaptcha(answer, seededRandom(`picture ${series} ${i}`))
  spent += performance.now() - began
  writeFileSync(`${file}.png`, picture)
  writeFileSync(`${file}.wav`, speak(answer, 'en', seededRandom(`sound ${series} ${i}`)))
}
console.log(`${(spent / Number(count)).toFixed(1)} ms each`)
