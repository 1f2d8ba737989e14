import { fileURLToPath } from 'node:url'
import { createCanvas, GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas'
import type { SeededRandom } from './captcha-random.ts'

/** The font is part of the project: a server or a container often has none, and then the canvas draws nothing. */
const font = 'Captcha'
const fontFile = new URL('../../../assets/captcha/fonts/DejaVuSans-Bold.ttf', import.meta.url)

export type Size = { readonly width: number; readonly height: number }
type Glyph = { readonly character: string; readonly box: TextMetrics; readonly size: number }

/**
 * Draws the answer in thick characters, each rotated, slanted and shifted at random.
 * @returns how much of a glyph each pixel shows: up to 1 for the first glyph, down to -1 for the second, and so on
 * alternately; 0 is the background
 */
export function glyphs(answer: string, { width, height }: Size, random: SeededRandom) {
  if (!GlobalFonts.has(font)) GlobalFonts.registerFromPath(fileURLToPath(fontFile), font)
  const context = createCanvas(width, height).getContext('2d')
  context.lang = 'en'
  context.lineWidth = 2
  context.lineJoin = 'round'
  drawGlyphs(context, answer, { width, height }, random)
  const { data } = context.getImageData(0, 0, width, height)
  const ink = new Float32Array(width * height)
  for (let pixel = 0; pixel < ink.length; pixel += 1) {
    const at = 4 * pixel
    ink[pixel] = (((data[at] ?? 0) - (data[at + 2] ?? 0)) * (data[at + 3] ?? 0)) / 255 ** 2
  }
  return ink
}

function drawGlyphs(
  context: SKRSContext2D,
  answer: string,
  { width, height }: Size,
  random: SeededRandom,
): void {
  const glyphs = Array.from(answer, (character): Glyph => {
    const size = random.between(102, 114)
    context.font = `${size}px ${font}`
    return { character, size, box: context.measureText(character) }
  })
  const advance = ({ box }: Glyph) => inkWidth(box) * 1.06
  const stretch = Math.min(1.3, (width - 26) / sum(glyphs.map(advance)))
  let left = (width - stretch * sum(glyphs.map(advance))) / 2
  let sign = random.sign()
  for (const glyph of glyphs) {
    context.save()
    context.translate(left + (stretch * advance(glyph)) / 2, height / 2 + random.between(-5, 5))
    context.rotate(random.between(-0.12, 0.12))
    context.transform(stretch, 0, random.between(-0.1, 0.1), 1, 0, 0)
    context.fillStyle = sign > 0 ? 'red' : 'blue'
    context.strokeStyle = context.fillStyle
    drawCentred(context, glyph)
    context.restore()
    left += stretch * advance(glyph)
    sign = -sign
  }
}

function drawCentred(context: SKRSContext2D, { character, size, box }: Glyph): void {
  const x = box.actualBoundingBoxLeft - inkWidth(box) / 2
  const y = box.actualBoundingBoxAscent / 2
  context.font = `${size}px ${font}`
  context.fillText(character, x, y)
  context.strokeText(character, x, y)
}

const inkWidth = (box: TextMetrics) => box.actualBoundingBoxLeft + box.actualBoundingBoxRight
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
