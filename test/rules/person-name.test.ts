import fc from 'fast-check'
import { gb18030Moved } from '../../config/characters/gb18030.ts'
import type { MessageCode } from '../../config/messages.ts'
import { unificationOf, unifyHan } from '../../src/people/fields/han.ts'
import {
  foldRareCharacters,
  personName,
  sameName,
  unifiedName,
} from '../../src/people/fields/person-name.ts'
import { refusedWith, schemaResult } from '../support/schema-result.ts'

/** The first and last code point of every block in Unicode 17, as numbers, so that the test does not depend on the table under test. */
const blocks = {
  unified: [0x4e00, 0x9fff],
  A: [0x3400, 0x4dbf],
  B: [0x20000, 0x2a6df],
  C: [0x2a700, 0x2b73f],
  D: [0x2b740, 0x2b81d],
  E: [0x2b820, 0x2ceaf],
  F: [0x2ceb0, 0x2ebe0],
  G: [0x30000, 0x3134a],
  H: [0x31350, 0x323af],
  I: [0x2ebf0, 0x2ee5d],
  J: [0x323b0, 0x33479],
  compatibility: [0xf900, 0xfad9],
  'compatibility supplement': [0x2f800, 0x2fa1d],
  'radicals supplement': [0x2e80, 0x2e99],
  'private use of GB 18030': [0xe000, 0xe864],
} as const
const hanCharacter = fc
  .oneof(...Object.values(blocks).map(([min, max]) => fc.integer({ min, max })))
  .map((code) => String.fromCodePoint(code))
const latinNames = fc.stringMatching(/^[A-Za-zÀ-ÖØ-öø-ɏ](?:[ '.,-]?[A-Za-zÀ-ÖØ-öø-ɏ]){0,20}$/)
const hanNames = fc.string({ unit: hanCharacter, minLength: 1, maxLength: 64 })
const names = fc.oneof(hanNames, latinNames)

test.each(Object.entries(blocks))(
  'the first and the last character of the block %s are accepted in names',
  (_, ends) => {
    for (const code of ends)
      expect(schemaResult(personName, `张${String.fromCodePoint(code)}`)).toHaveLength(
        code > 0xffff ? 3 : 2,
      )
  },
)

test('names are kept exactly as typed', () => {
  fc.assert(fc.property(names, (name) => expect(schemaResult(personName, name)).toBe(name)))
})

test.each([
  '李',
  '王〇一',
  '𠮷田', // beyond the BMP
  '\uE81E小明', // private use of GB 18030
  "O'Neill, Seán J.",
  'Nguyễn Thị Hoa',
  'Nguye\u0302\u0303n', // decomposed, and it stays so
  'Ｗａｎｇ',
  '张 Anna-Maria',
  '買買提·阿布拉',
])('the name %s is kept as typed', (name) => {
  expect(schemaResult(personName, name)).toBe(name)
})

test('spaces at the ends are removed', () => {
  expect(schemaResult(personName, '\u3000 李明\u00a0')).toBe('李明')
})

describe('the dot of ethnic names', () => {
  test.each([...'·•‧・'])('is written %s and becomes U+00B7 anywhere', (dot) => {
    expect(schemaResult(personName, `买买提${dot}阿布拉`)).toBe('买买提\u00b7阿布拉')
    expect(schemaResult(personName, `Anna${dot}Li`)).toBe('Anna\u00b7Li')
  })

  test.each([...'.．･∙⋅'])('is written %s and becomes U+00B7 between two Han characters', (dot) => {
    expect(schemaResult(personName, `买${dot}买${dot}提`)).toBe('买\u00b7买\u00b7提')
    expect(schemaResult(personName, `𠮷${dot}\uE81E`)).toBe('𠮷\u00b7\uE81E')
  })

  test('is not assumed for a full stop elsewhere', () => {
    expect(schemaResult(personName, 'J. Li')).toBe('J. Li')
    expect(schemaResult(personName, '李.J')).toBe('李.J')
  })

  test.each([...'．･∙⋅'])('is not assumed for %s elsewhere, which is refused', (dot) => {
    expect(schemaResult(personName, `Anna${dot}Li`)).toEqual(refusedWith('name.characters'))
  })

  test('is folded idempotently', () => {
    const dotted = fc.string({ unit: fc.constantFrom(...'买提A·•‧・.．･∙⋅ '), maxLength: 20 })
    fc.assert(
      fc.property(dotted, (typed) => {
        const once = schemaResult(personName, typed)
        if (typeof once === 'string') expect(schemaResult(personName, once)).toBe(once)
      }),
    )
  })
})

test.each<[string, MessageCode]>([
  ['', 'name.missing'],
  ['\u3000', 'name.missing'],
  ['李1', 'name.characters'],
  ['<script>', 'name.characters'],
  ['李😀', 'name.characters'],
  ['Ⅳ', 'name.characters'],
  ['·', 'name.characters'],
  ["-'.,", 'name.characters'],
  ['Иван', 'name.characters'],
  ['\u200b\ufeff\u3164', 'name.missing'],
  ['\u0301李', 'name.characters'],
  ['李\uE865', 'name.characters'],
  ['李\u{2FFFF}', 'name.characters'],
  ['李'.repeat(65), 'name.length'],
  ['𠮷'.repeat(65), 'name.length'],
  ['李\n明', 'text.unreadable'],
  ['李\ufffd', 'text.unreadable'],
  ['\ud842', 'text.unreadable'],
])('%j is refused with %s', (typed, code) => {
  expect(schemaResult(personName, typed)).toEqual(refusedWith(code))
})

describe('invisible characters and spaces', () => {
  // The characters are named in the titles, because they are invisible.
  const marks = {
    'zero-width space': '\u200b',
    'byte order mark': '\ufeff',
    'left-to-right mark': '\u200e',
    'right-to-left mark': '\u200f',
    'Arabic letter mark': '\u061c',
    'left-to-right embedding': '\u202a',
    'pop directional formatting': '\u202c',
    'right-to-left override': '\u202e',
    'word joiner': '\u2060',
    'first strong isolate': '\u2068',
    'pop directional isolate': '\u2069',
    'soft hyphen': '\u00ad',
    'zero-width joiner': '\u200d',
    'grapheme joiner': '\u034f',
    'Hangul filler': '\u3164',
    'tag character': '\u{e0041}',
    'interlinear anchor': '\ufff9',
    'selector that follows no Han character': '\ufe0f',
  }
  test.each(Object.entries(marks))('lose the %s', (_, mark) => {
    expect(schemaResult(personName, `${mark}Anna${mark}Li${mark}`)).toBe('AnnaLi')
  })

  const invisible = fc.constantFrom(...Object.values(marks).slice(0, -1))
  test('do not change a name', () => {
    fc.assert(
      fc.property(
        names,
        fc.array(fc.tuple(fc.nat(64), invisible), { maxLength: 8 }),
        (name, at) => {
          const typed = at.reduce((text, [position, mark]) => {
            const characters = Array.from(text)
            return [...characters.slice(0, position), mark, ...characters.slice(position)].join('')
          }, name)
          expect(schemaResult(personName, typed)).toBe(schemaResult(personName, name))
          expect(sameName(typed, name)).toBe(true)
        },
      ),
    )
  })

  test('keep a variation selector after a Han character, which is ignored in comparisons', () => {
    const name = '葛\u{e0100}城辻\ufe00'
    expect(schemaResult(personName, name)).toBe(name)
    expect(sameName(name, '葛城辻')).toBe(true)
  })

  test.each([
    ['方\u3000静', '方静'],
    ['方\u00a0静', '方静'],
    ['方 \u3000 静', '方静'],
    ['葛\u{e0100}\u3000城', '葛\u{e0100}城'],
    ['𠮷\u3000\uE81E', '𠮷\uE81E'],
    ['方 静', '方 静'],
    ['Anna\u3000Li', 'Anna Li'],
    ['Anna\u2009\u3000Li', 'Anna Li'],
    ['张\u3000Anna', '张 Anna'],
    ['\t方静\u2003', '方静'],
  ])('are folded, so that %j becomes %j', (typed, name) => {
    expect(schemaResult(personName, typed)).toBe(name)
  })

  test('is folded idempotently', () => {
    const unit = fc.constantFrom(...'方A \u3000\u00a0\u200b\ufe00·.\u2003', '\u{e0100}', '𠮷')
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 20 }), (typed) => {
        const once = schemaResult(personName, typed)
        if (typeof once === 'string') expect(schemaResult(personName, once)).toBe(once)
      }),
    )
  })
})

describe('apostrophes', () => {
  test.each(['\u0027', '\u2019', '\u02bc'])('%j is accepted in names and kept as typed', (sign) => {
    const name = `Anne-Marie O${sign}Neil`
    expect(schemaResult(personName, name)).toBe(name)
    expect(sameName(name, "Anne-Marie O'Neil")).toBe(true)
  })
})

describe('radicals and compatibility ideographs', () => {
  test.each([
    ['⽅静', '方静'], // U+2F45
    ['⻢⼸', '马弓'],
    ['\uf9e4', '\u7406'], // compatibility ideograph
    ['\u{2f80f}', '\u5154'],
    ['\u2e87', '\u{20628}'],
  ])('%j is unified to %j', (typed, name) => {
    expect(schemaResult(unifiedName, typed)).toBe(name)
    expect(schemaResult(personName, typed)).toBe(typed)
    expect(sameName(typed, name)).toBe(true)
  })

  test('the twelve unified ideographs in the block of compatibility ideographs stay', () => {
    const twelve = '\uFA0E\uFA0F\uFA11\uFA13\uFA14\uFA1F\uFA21\uFA23\uFA24\uFA27\uFA28\uFA29'
    expect(schemaResult(unifiedName, twelve)).toBe(twelve)
    expect(unificationOf(twelve)).toBeUndefined()
  })

  test('every one becomes its NFKC form, and nothing is left to unify after that', () => {
    for (const [from, to] of [
      [0x2f00, 0x2fd5],
      [0xf900, 0xfad9],
      [0x2f800, 0x2fa1d],
    ] as const)
      for (let code = from; code <= to; code++) {
        const one = String.fromCodePoint(code)
        expect(unifyHan(one)).toBe(one.normalize('NFKC'))
        expect(unificationOf(unifyHan(one))).toBeUndefined()
      }
  })

  test('unification does not change other names', () => {
    const plain = fc.string({
      unit: fc
        .oneof(fc.integer({ min: 0x4e00, max: 0x9fff }), fc.integer({ min: 0x20000, max: 0x2ebe0 }))
        .map((code) => String.fromCodePoint(code)),
      maxLength: 64,
    })
    fc.assert(fc.property(fc.oneof(plain, latinNames), (name) => expect(unifyHan(name)).toBe(name)))
  })

  test('each changed character is reported once', () => {
    expect(unificationOf('⽅⽴方⽅')).toEqual({ from: '⽅⽴', to: '方立' })
    expect(unificationOf('方静')).toBeUndefined()
  })
})

test('the length limit counts characters beyond the BMP as one', () => {
  expect(schemaResult(personName, '𠮷'.repeat(64))).toBe('𠮷'.repeat(64))
})

describe('two spellings of one name', () => {
  test.each([
    ['\uE81E', '\u9FB4'],
    ['\uE816', '\u{20087}'],
    ['\uE864', '\u9FBB'],
    ['\uE815', '\u2E81'],
  ])('have %j and %j as one character', (old, now) => {
    expect(sameName(`李${old}明`, `李${now}明`)).toBe(true)
    expect(schemaResult(personName, `李${old}明`)).toBe(`李${old}明`)
  })

  test.each([
    ['买买提•阿布拉', '买买提.阿布拉'],
    ['SEÁN O NEILL', 'Sea\u0301n  O Neill '],
    ['ＷＡＮＧ', 'wang'],
  ])('%s and %s are the same name', (a, b) => {
    expect(sameName(a, b)).toBe(true)
  })

  test.each([
    ['李明', '李鸣'],
    ['\uE81E', '\uE826'],
    ['買買提', '买买提'],
  ])('%s and %s are different names', (a, b) => {
    expect(sameName(a, b)).toBe(false)
  })

  test('a name equals itself written in old code points', () => {
    const old = new Map([...gb18030Moved].map(([before, now]) => [now, before]))
    fc.assert(
      fc.property(hanNames, (name) => {
        const typedOld = [...name].map((character) => old.get(character) ?? character).join('')
        expect(sameName(name, typedOld)).toBe(true)
        expect(foldRareCharacters(foldRareCharacters(typedOld))).toBe(foldRareCharacters(typedOld))
      }),
    )
  })
})
