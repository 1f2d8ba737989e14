import type { CaptchaLevel } from '../../ports/captchas.ts'
import { glyphs } from './captcha-glyphs.ts'
import { type Colour, png } from './captcha-png.ts'
import type { SeededRandom } from './captcha-random.ts'

/** The largest size at which a page shows the picture, unless its text is enlarged. */
const pictureSize = { width: 400, height: 120 } as const
const { width, height } = pictureSize

/** How dark a light and a dark stripe are, 0 to 1: in the background, and in every second glyph, `dark` and `light`. */
type Tones = Readonly<Record<Tone, readonly [number, number]>>
type Tone = 'ground' | 'dark' | 'light'

type Style = {
  readonly tones: Tones
  /** How far glyphs are bent, as a multiple of the usual waves. */
  readonly bend: number
  /** How much the tones of pixels vary; those of stripes vary nearly as much. */
  readonly grain: number
}

/**
 * Gentle pictures have plain dark glyphs on light paper, and middle ones on faint stripes. In hard ones the stripes of
 * the background are inverted within a glyph, and every second stripe is darker or lighter than any background: an eye
 * takes these for the glyph's colour. No threshold separates glyphs from the background, because the other half of each
 * glyph has a tone of the background (decisions 0132 and 0221).
 */
const hard: Style = {
  tones: { ground: [0.26, 0.7], dark: [0.94, 0.26], light: [0.7, 0.02] },
  bend: 1,
  grain: 0.1,
}
const styles: Readonly<Record<CaptchaLevel, Style>> = {
  gentle: {
    tones: { ground: [0.02, 0.02], dark: [0.95, 0.95], light: [0.95, 0.95] },
    bend: 0.6,
    grain: 0.02,
  },
  middle: {
    tones: { ground: [0.06, 0.36], dark: [0.95, 0.75], light: [0.95, 0.75] },
    bend: 1.4,
    grain: 0.08,
  },
  hard,
  hardest: hard,
}
/** Tones along a line across all stripes, four for each pixel. */
type Stripes = Readonly<Record<Tone, Float32Array>>
const perPixel = 4

/** Draws a PNG of the answer: thick upright glyphs of stripes, dark and light alternately, on a striped background. */
export function drawCaptcha(answer: string, level: CaptchaLevel, random: SeededRandom): Buffer {
  const ink = glyphs(answer, pictureSize, random)
  return png(width, inkLevels(ink, styles[level], random), palette(random))
}

/** @returns the ink level of each pixel, 0 (paper) to 15 */
function inkLevels(ink: Float32Array, style: Style, random: SeededRandom): Uint8Array {
  const bent = bend(style.bend, random)
  const { ofColumn, ofRow } = slant(random)
  const { ground, dark, light } = stripes(style, random)
  const [shadeOfColumn, shadeOfRow] = [
    wave(width, 0.035, 110, random),
    wave(height, 0.035, 110, random),
  ]
  const grain = random.bytes(ink.length)
  const levels = new Uint8Array(ink.length)
  // This is a plain loop because `Uint8Array.from` with a function takes four times as long.
  for (let pixel = 0; pixel < levels.length; pixel += 1) {
    const x = pixel % width
    const y = (pixel - x) / width
    const at = Math.floor(perPixel * ((ofColumn[x] ?? 0) + (ofRow[y] ?? 0)))
    const share = bent(ink, x, y)
    const under = ground[at] ?? 0
    const over = (share > 0 ? dark : light)[at] ?? 0
    const shade =
      (shadeOfColumn[x] ?? 0) +
      (shadeOfRow[y] ?? 0) +
      style.grain * ((grain[pixel] ?? 0) / 255 - 0.5)
    const tone = under + Math.abs(share) * (over - under) + shade
    levels[pixel] = Math.min(15, Math.max(0, Math.round(15 * tone)))
  }
  return levels
}

/** Draws stripes of 12 to 16 pixels, light and dark alternately, each a little darker or lighter than the others. */
function stripes({ tones, grain }: Style, random: SeededRandom): Stripes {
  const length = perPixel * (width + height)
  const tone = () => new Float32Array(length)
  const found = { ground: tone(), dark: tone(), light: tone() }
  const shades = random.sign() > 0 ? ([0, 1] as const) : ([1, 0] as const)
  for (let from = 0, count = 0; from < length; count += 1) {
    const to = from + Math.round(perPixel * random.between(12, 16))
    const off = grain * random.between(-0.45, 0.45)
    const shade = shades[count % 2 === 0 ? 0 : 1]
    for (const kind of ['ground', 'dark', 'light'] as const)
      found[kind].fill(tones[kind][shade] + off, from, to)
    from = to
  }
  return {
    ground: softened(found.ground),
    dark: softened(found.dark),
    light: softened(found.light),
  }
}

/** Averages over the width of a pixel, so that the edges of stripes are smooth. */
const softened = (tones: Float32Array) =>
  tones.map((_, at) => {
    const pixel = tones.subarray(at, at + perPixel)
    return pixel.reduce((sum, tone) => sum + tone, 0) / pixel.length
  })

/** The position of a pixel across the stripes, as a part for its column and one for its row. Stripes are slanted and wavy. */
function slant(random: SeededRandom) {
  const angle = random.sign() * random.between(0.65, 0.95)
  const ofColumn = wave(width, 1.5, 130, random).map((bend, x) => bend + x * Math.cos(angle))
  // The constant keeps positions above zero, also with waves and a negative angle.
  const ofRow = wave(height, 1.5, 90, random).map((bend, y) => bend + y * Math.sin(angle) + 105)
  return { ofColumn, ofRow }
}

/** Returns a function that reads the ink of a pixel after all pixels are shifted along waves. */
function bend(by: number, random: SeededRandom) {
  const [sidewaysOfRow, sidewaysOfColumn] = [
    wave(height, 2 * by, 85, random),
    wave(width, 1.5 * by, 70, random),
  ]
  const [upwardsOfColumn, upwardsOfRow] = [
    wave(width, 2 * by, 115, random),
    wave(height, 1.5 * by, 70, random),
  ]
  return (ink: Float32Array, x: number, y: number) => {
    const fromX = x + (sidewaysOfRow[y] ?? 0) + (sidewaysOfColumn[x] ?? 0)
    const fromY = y + (upwardsOfColumn[x] ?? 0) + (upwardsOfRow[y] ?? 0)
    return inkAt(ink, fromX, fromY)
  }
}

/** One value for each row or column. Amplitude and wave length are in pixels and vary by a quarter. */
function wave(length: number, amplitude: number, waveLength: number, random: SeededRandom) {
  const height = amplitude * random.between(0.75, 1.25)
  const pitch = (2 * Math.PI) / (waveLength * random.between(0.75, 1.25))
  const phase = random.between(0, 2 * Math.PI)
  return Float32Array.from({ length }, (_, at) => height * Math.sin(pitch * at + phase))
}

/** Interpolates between four pixels. Outside the picture the ink of the margin continues. */
function inkAt(ink: Float32Array, x: number, y: number): number {
  const left = Math.min(width - 2, Math.max(0, Math.floor(x)))
  const top = Math.min(height - 2, Math.max(0, Math.floor(y)))
  const right = Math.min(1, Math.max(0, x - left))
  const down = Math.min(1, Math.max(0, y - top))
  const first = top * width + left
  const upper = (ink[first] ?? 0) * (1 - right) + (ink[first + 1] ?? 0) * right
  const lower = (ink[first + width] ?? 0) * (1 - right) + (ink[first + width + 1] ?? 0) * right
  return upper * (1 - down) + lower * down
}

/** Sixteen colours from light paper, which is visible on a dark page too, to dark ink. */
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
