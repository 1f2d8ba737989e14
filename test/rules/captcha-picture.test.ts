import { createCanvas, loadImage } from '@napi-rs/canvas'
import { drawCaptcha } from '../../src/adapters/captcha/captcha-picture.ts'
import { seededRandom } from '../../src/adapters/captcha/captcha-random.ts'
import type { CaptchaLevel } from '../../src/ports/captchas.ts'

const draw = (answer: string, level: CaptchaLevel = 'hard', seed = 'seed') =>
  drawCaptcha(answer, level, seededRandom(seed))

/** The brightness of each pixel, 0 to 255, decoded by a library that did not draw it. */
async function decodedPicture(
  png: Buffer,
): Promise<{ width: number; height: number; light: number[] }> {
  const image = await loadImage(png)
  const { width, height } = image
  const context = createCanvas(width, height).getContext('2d')
  context.drawImage(image, 0, 0)
  const { data } = context.getImageData(0, 0, width, height)
  const light = Array.from({ length: width * height }, (_, pixel) => {
    const at = 4 * pixel
    return 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0)
  })
  return { width, height, light }
}
/** The mean brightness of each square with sides of `side` pixels. */
function squareMeans(light: readonly number[], width: number, side: number): number[] {
  const across = Math.floor(width / side)
  const sums = Array.from({ length: across * Math.floor(light.length / width / side) }, () => 0)
  for (const [at, value] of light.entries()) {
    const square = Math.floor(at / width / side) * across + Math.floor((at % width) / side)
    sums[square] = (sums[square] ?? 0) + value
  }
  return sums.map((sum) => sum / side ** 2)
}
const shareOf = (light: readonly number[], picks: (light: number) => boolean) =>
  light.filter(picks).length / light.length

describe.each(['350729', '222222', 'WMWM', '088088', 'QZBI'])('%s', (answer) => {
  test('is 400 by 120 and has dark, light and middle tones, also on a machine without fonts', async () => {
    const { width, height, light } = await decodedPicture(draw(answer))
    expect([width, height]).toEqual([400, 120])
    expect(shareOf(light, (value) => value < 60)).toBeGreaterThan(0.02)
    expect(shareOf(light, (value) => value > 225)).toBeGreaterThan(0.02)
    expect(shareOf(light, (value) => value > 85 && value < 205)).toBeGreaterThan(0.5)
  })

  test('has no square much darker or lighter than another when hard, so that blurring it reveals little', async () => {
    const { width, light } = await decodedPicture(draw(answer))
    const all = squareMeans(light, width, 40)
    expect(Math.max(...all) - Math.min(...all)).toBeLessThan(90)
  })

  test('is plain dark on light when gentle', async () => {
    const { light } = await decodedPicture(draw(answer, 'gentle'))
    expect(shareOf(light, (value) => value < 85 || value > 215)).toBeGreaterThan(0.85)
    expect(shareOf(light, (value) => value < 85)).toBeGreaterThan(0.15)
  })

  test.each([
    ['gentle', 8],
    ['middle', 17],
    ['hard', 18],
  ] as const)('fits at the level %s into %i kB', (level, size) => {
    expect(draw(answer, level).length).toBeLessThan(size * 1000)
  })
})

test('each of the six digits changes the picture', async () => {
  const alone = await decodedPicture(draw('777777'))
  for (let at = 0; at < 6; at += 1) {
    const answer = `${'7'.repeat(at)}0${'7'.repeat(5 - at)}`
    const { light } = await decodedPicture(draw(answer))
    const moved = light.filter((value, i) => Math.abs(value - (alone.light[i] ?? 0)) > 100)
    expect([at, moved.length > 500]).toEqual([at, true])
  }
})

test('the same seed draws the same bytes, and another seed draws others', () => {
  expect(draw('350729')).toEqual(draw('350729'))
  expect(draw('350729')).not.toEqual(draw('350729', 'hard', 'other'))
  expect(draw('350729', 'middle')).not.toEqual(draw('350729', 'hard'))
})
