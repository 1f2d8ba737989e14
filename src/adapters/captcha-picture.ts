import { fileURLToPath } from 'node:url'
import { type Canvas, createCanvas, GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas'
import { type Colour, png } from './captcha-png.ts'
import type { SeededRandom } from './captcha-random.ts'

/** Larger than the 240 × 90 at which a page shows it, so that it stays sharp when zoomed (GB/T 37668). */
const pictureSize = { width: 320, height: 120 } as const
const { width, height } = pictureSize

/** Shipped, because a server or a container often has no font, and then the canvas draws nothing. */
const font = 'Captcha'
const fontFile = new URL('../../assets/captcha/fonts/DejaVuSans-Bold.ttf', import.meta.url)

type Glyph = { readonly character: string; readonly box: TextMetrics; readonly size: number }

/**
 * A PNG of the answer. What a program would hold on to is taken away in the pixels: the glyphs touch, every other
 * one is light on dark, a line that turns ink into paper and paper into ink runs through all of them, and each pixel
 * is moved. A person still sees four thick, upright characters.
 */
export function drawCaptcha(answer: string, random: SeededRandom): Buffer {
  const canvas = createCanvas(width, height)
  drawInk(canvas.getContext('2d'), answer, random)
  return png(width, warp(coverage(canvas), random), palette(random))
}

/** Everything is `xor`: ink on ink is paper again. */
function drawInk(context: SKRSContext2D, answer: string, random: SeededRandom): void {
  if (!GlobalFonts.has(font)) GlobalFonts.registerFromPath(fileURLToPath(fontFile), font)
  context.lang = 'en'
  context.globalCompositeOperation = 'xor'
  drawGlyphs(context, answer, random)
  for (const lineWidth of [6.5, 6.5]) drawLine(context, lineWidth, random)
}

function drawGlyphs(context: SKRSContext2D, answer: string, random: SeededRandom): void {
  const glyphs = Array.from(answer, (character): Glyph => {
    const size = random.between(96, 112)
    context.font = `${size}px ${font}`
    return { character, size, box: context.measureText(character) }
  })
  const overlap = random.between(0.02, 0.07)
  const advance = ({ box }: Glyph) => inkWidth(box) * (1 - overlap)
  const stretch = Math.min(1.3, (width - 40) / sum(glyphs.map(advance)))
  let left = (width - stretch * sum(glyphs.map(advance))) / 2 + random.between(-6, 6)
  for (const glyph of glyphs) {
    context.save()
    context.translate(left + (stretch * advance(glyph)) / 2, height / 2 + random.between(-8, 8))
    context.rotate(random.between(-0.25, 0.25))
    context.transform(stretch, 0, random.between(-0.2, 0.2), 1, 0, 0)
    context.font = `${glyph.size}px ${font}`
    const { box } = glyph
    context.fillText(
      glyph.character,
      box.actualBoundingBoxLeft - inkWidth(box) / 2,
      box.actualBoundingBoxAscent / 2,
    )
    context.restore()
    left += stretch * advance(glyph)
  }
}

const inkWidth = (box: TextMetrics) => box.actualBoundingBoxLeft + box.actualBoundingBoxRight
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

function drawLine(context: SKRSContext2D, lineWidth: number, random: SeededRandom): void {
  const slope = random.sign() * random.between(10, 28)
  const y = (share: number, swing: number) =>
    height / 2 + slope * (2 * share - 1) + random.between(-swing, swing)
  context.lineWidth = lineWidth * random.between(0.85, 1.15)
  context.beginPath()
  context.moveTo(random.between(-10, 20), y(0, 12))
  context.bezierCurveTo(
    ...([random.between(60, 140), y(0.3, 45)] as const),
    ...([random.between(180, 260), y(0.7, 45)] as const),
    ...([random.between(300, 330), y(1, 12)] as const),
  )
  context.stroke()
}

/** How much of each pixel is ink, 0 to 255. */
function coverage(canvas: Canvas): Uint8Array {
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height)
  const ink = new Uint8Array(width * height)
  for (let pixel = 0; pixel < ink.length; pixel += 1) ink[pixel] = data[4 * pixel + 3] ?? 0
  return ink
}

/**
 * Moves each pixel along waves and lays a weave and a grain over it.
 * @returns the level of ink of each pixel, 0 (paper) to 15
 */
function warp(ink: Uint8Array, random: SeededRandom): Uint8Array {
  const [sidewaysOfRow, sidewaysOfColumn] = [
    wave(height, 4, 85, random),
    wave(width, 2.5, 70, random),
  ]
  const [upwardsOfColumn, upwardsOfRow] = [
    wave(width, 4, 115, random),
    wave(height, 2.5, 70, random),
  ]
  const [weaveOfColumn, weaveOfRow] = [wave(width, 1.2, 10, random), wave(height, 1.2, 10, random)]
  const grain = random.bytes(ink.length)
  const levels = new Uint8Array(ink.length)
  // A plain loop: `Uint8Array.from` with a function takes four times as long (docs/decisions/0080).
  for (let pixel = 0; pixel < levels.length; pixel += 1) {
    const x = pixel % width
    const y = (pixel - x) / width
    const fromX = x + (sidewaysOfRow[y] ?? 0) + (sidewaysOfColumn[x] ?? 0)
    const fromY = y + (upwardsOfColumn[x] ?? 0) + (upwardsOfRow[y] ?? 0)
    const rough = (weaveOfColumn[x] ?? 0) * (weaveOfRow[y] ?? 0) + (grain[pixel] ?? 0) / 128 - 1
    const level = 1 + (inkAt(ink, fromX, fromY) / 255) * 13 + rough
    levels[pixel] = Math.min(15, Math.max(0, Math.round(level)))
  }
  return levels
}

/** One value for each row or column; amplitude and wave length in pixels, each a quarter more or less. */
function wave(length: number, amplitude: number, waveLength: number, random: SeededRandom) {
  const height = amplitude * random.between(0.75, 1.25)
  const pitch = (2 * Math.PI) / (waveLength * random.between(0.75, 1.25))
  const phase = random.between(0, 2 * Math.PI)
  return Float32Array.from({ length }, (_, at) => height * Math.sin(pitch * at + phase))
}

/** Between four pixels; beyond the margin its ink goes on. */
function inkAt(ink: Uint8Array, x: number, y: number): number {
  const left = Math.min(width - 2, Math.max(0, Math.floor(x)))
  const top = Math.min(height - 2, Math.max(0, Math.floor(y)))
  const right = Math.min(1, Math.max(0, x - left))
  const down = Math.min(1, Math.max(0, y - top))
  const first = top * width + left
  const upper = (ink[first] ?? 0) * (1 - right) + (ink[first + 1] ?? 0) * right
  const lower = (ink[first + width] ?? 0) * (1 - right) + (ink[first + width + 1] ?? 0) * right
  return upper * (1 - down) + lower * down
}

/** From a light paper, which also stands on a dark page, to a dark ink: contrast well above 7:1. */
function palette(random: SeededRandom): Colour[] {
  const paper = [0, 1, 2].map(() => random.between(238, 254))
  const ink = [random.between(0, 40), random.between(0, 40), random.between(10, 70)]
  return Array.from({ length: 16 }, (_, level): Colour => {
    const [red = 0, green = 0, blue = 0] = paper.map((light, i) =>
      Math.round(light + (((ink[i] ?? 0) - light) * level) / 15),
    )
    return [red, green, blue]
  })
}
