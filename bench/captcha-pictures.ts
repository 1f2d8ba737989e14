/**
 * Writes sample captchas for eyes and for readers, `NNNN-ANSWER.png`, and says what one costs.
 * Usage: npx tsx bench/captcha-pictures.ts DIRECTORY [COUNT [SERIES]]; then bench/captcha-read.py DIRECTORY
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { drawCaptcha } from '../src/adapters/captcha-picture.ts'
import { seededRandom } from '../src/adapters/captcha-random.ts'

const [directory = 'captchas', count = '200', series = ''] = process.argv.slice(2)
const alphabet = [...'2345679FHKLMW'] as [string, ...string[]]
const answers = seededRandom(`answers ${series}`)
mkdirSync(directory, { recursive: true })
const began = performance.now()
for (let i = 0; i < Number(count); i++) {
  const answer = Array.from({ length: 4 }, () => answers.pick(alphabet)).join('')
  const name = `${String(i).padStart(4, '0')}-${answer}.png`
  writeFileSync(join(directory, name), drawCaptcha(answer, seededRandom(`picture ${series} ${i}`)))
}
console.log(`${((performance.now() - began) / Number(count)).toFixed(1)} ms each`)
