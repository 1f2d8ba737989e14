import { gb18030Moved } from '../../config/characters/gb18030.ts'

/** The WHATWG decoder (ICU) reads FE50–FEA0 as GB 18030-2022 does, except six codes that it leaves in the private use area. */
const decoder = new TextDecoder('gb18030')
const leftByWhatwg = new Map([
  ['\uE816', '\u{20087}'],
  ['\uE817', '\u{20089}'],
  ['\uE818', '\u{200CC}'],
  ['\uE831', '\u{215D7}'],
  ['\uE83B', '\u{2298F}'],
  ['\uE855', '\u{241FE}'],
])

test('every two-byte code that old systems map to the private use area has its character', () => {
  const trails = Array.from({ length: 0xa1 - 0x50 }, (_, at) => 0x50 + at).filter(
    (at) => at !== 0x7f,
  )
  const decoded = trails.map((trail) => decoder.decode(new Uint8Array([0xfe, trail])))
  expect(trails).toHaveLength(80)
  decoded.forEach((character, at) => {
    const old = String.fromCodePoint(0xe815 + at)
    expect(gb18030Moved.get(old)).toBe(leftByWhatwg.get(character) ?? character)
  })
})

test.each([
  ['\uE7C7', 0xbc],
  ['\uE7C8', 0xbf],
])('the old code point %j has its letter', (old, trail) => {
  expect(gb18030Moved.get(old)).toBe(decoder.decode(new Uint8Array([0xa8, trail])))
})
