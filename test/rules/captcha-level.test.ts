import { policy } from '../../config/limits-and-lifetimes.ts'
import { type CaptchaRisk, captchaLevel } from '../../src/proofs/captcha-level.ts'

type Known = {
  readonly wrong?: Partial<CaptchaRisk['wrong']>
  readonly refused?: Partial<CaptchaRisk['refused']>
  readonly platform?: CaptchaRisk['platform']
}
const quiet = { answers: 1000, wrong: 100 }
const attacked = { answers: 1000, wrong: 400 }

const levelOf = ({ wrong, refused, platform = quiet }: Known, scale = 1) =>
  captchaLevel(
    {
      wrong: { address: 0, network: 0, site: 0, flow: 0, ...wrong },
      refused: { name: 0, address: 0, ...refused },
      platform,
    },
    policy(scale).captcha,
  )

test.each<[string, Known, string]>([
  ['nothing is known', {}, 'gentle'],
  ['a person has mistyped three times', { wrong: { address: 3, flow: 3 } }, 'gentle'],
  ['an address has four wrong answers', { wrong: { address: 4 } }, 'middle'],
  ['an address has eight wrong answers', { wrong: { address: 8 } }, 'hard'],
  ['an address has waited six times', { wrong: { address: 16 } }, 'hardest'],
  ['a flow has waited six times', { wrong: { flow: 16 } }, 'hardest'],
  ['a network has 39 wrong answers', { wrong: { network: 39 } }, 'gentle'],
  ['a network has 40 wrong answers', { wrong: { network: 40 } }, 'middle'],
  ['a network has 159 wrong answers', { wrong: { network: 159 } }, 'hard'],
  ['a network has 160 wrong answers', { wrong: { network: 160 } }, 'hardest'],
  ['a site has 240 wrong answers', { wrong: { site: 240 } }, 'hard'],
  ['the name has two wrong passwords', { refused: { name: 2 } }, 'gentle'],
  ['the name has three wrong passwords', { refused: { name: 3 } }, 'middle'],
  ['strangers attack the name', { refused: { name: 1000 } }, 'hard'],
  ['an address has five wrong passwords', { refused: { address: 5 } }, 'middle'],
  ['an address has many wrong passwords', { refused: { address: 1000 } }, 'hard'],
  ['the platform is attacked', { platform: attacked }, 'middle'],
  ['the platform and the name are attacked', { refused: { name: 3 }, platform: attacked }, 'hard'],
  ['both are attacked hard', { refused: { name: 99 }, platform: attacked }, 'hard'],
  ['few answers of the platform are wrong', { platform: { answers: 99, wrong: 99 } }, 'gentle'],
])('where %s, the captcha is as hard as that demands', (_, known, level) => {
  expect(levelOf(known)).toBe(level)
})

test('LIMITS_SCALE multiplies the failures that make a captcha harder', () => {
  expect(levelOf({ wrong: { address: 40 } }, 10)).toBe('middle')
  expect(levelOf({ wrong: { address: 39 } }, 10)).toBe('gentle')
})
