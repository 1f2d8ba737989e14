import { readFileSync } from 'node:fs'
import { brotliCompressSync } from 'node:zlib'
import { SaxesParser } from 'saxes'
import { BadEnvironment } from '../../../config/environment/bad-environment.ts'

/** Largest size in bytes as a file and as sent. The login page has to stay within 30 kB with the logo. */
const limits = { file: 100_000, compressed: 4_000 }

/** Reads the file of BRAND_LOGO: an SVG picture that runs nothing and loads nothing. Throws `BadEnvironment`. */
export function readBrandLogo(file: string | undefined): Buffer | undefined {
  if (!file) return undefined
  const picture = readPicture(file)
  if (typeof picture !== 'string') return picture
  throw new BadEnvironment([`BRAND_LOGO: ${picture} (${file})`])
}

/** Returns the picture, or the problem of its file. */
function readPicture(file: string): Buffer | string {
  let picture: Buffer
  try {
    picture = readFileSync(file)
  } catch {
    return "can't be read"
  }
  if (picture.length > limits.file) return `must be ${limits.file} bytes at most`
  const problem = svgProblemOf(picture.toString('utf8'))
  if (problem) return problem
  if (brotliCompressSync(picture).length > limits.compressed)
    return `must be ${limits.compressed} bytes at most when compressed`
  return picture
}

/** The first reason to reject an SVG document as a logo (decision 0161). */
export function svgProblemOf(text: string): string | undefined {
  const problems: string[] = []
  const parser = new SaxesParser({ xmlns: true })
  let depth = 0
  parser.on('error', () => problems.push('must be an SVG picture, well-formed'))
  parser.on('doctype', () => problems.push('must have no DOCTYPE'))
  parser.on('processinginstruction', () => problems.push('must have no processing instruction'))
  parser.on('opentag', ({ uri, local, name, attributes }) => {
    if (depth === 0 && (uri !== svg || local !== 'svg')) problems.push('must be an SVG picture')
    else if (uri !== svg || !elements.has(local)) problems.push(`must have no element <${name}>`)
    for (const attribute of Object.values(attributes))
      if (runsOrLoads(attribute.local, attribute.value))
        problems.push(`must have no attribute ${attribute.name} that runs or loads anything`)
    depth += 1
  })
  parser.on('text', (words) => {
    if (loadsFromCss(words)) problems.push('must have no style that loads anything')
  })
  parser.on('cdata', () => problems.push('must have no CDATA'))
  try {
    parser.write(text).close()
  } catch {
    problems.push('must be an SVG picture, well-formed')
  }
  return problems[0]
}

const svg = 'http://www.w3.org/2000/svg'
/** Shapes and their paints and titles. `<a>`, `<image>` and animations are missing because they can set an address. */
const elements = new Set(
  `svg g defs symbol use title desc style path rect circle ellipse line polyline polygon text tspan
  linearGradient radialGradient stop pattern clipPath mask marker`.split(/\s+/),
)

const runsOrLoads = (name: string, value: string) =>
  /^on/i.test(name) ||
  name === 'base' ||
  (/^(href|src)$/i.test(name) && !value.startsWith('#')) ||
  loadsFromCss(value)

/** A backslash is rejected because a CSS escape can spell `url`. */
const loadsFromCss = (css: string) => /url\((?!\s*["']?#)|@import|image-set|\\/i.test(css)
