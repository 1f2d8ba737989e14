/**
 * The browser and the operating system of a `User-Agent`, by their usual names, e.g. `Chrome · Windows` or `微信 ·
 * Android`; undefined if neither is known. Browsers that also claim to be another one come first in the list.
 */
export function deviceOf(userAgent: string): string | undefined {
  const words = [browsers, systems].flatMap((known) => {
    const found = known.find(([mark]) => mark.test(userAgent))
    return found ? [found[1]] : []
  })
  return words.length ? words.join(' · ') : undefined
}

type Known = readonly (readonly [mark: RegExp, name: string])[]

const browsers: Known = [
  [/MicroMessenger\//, '微信'],
  [/AlipayClient\//, '支付宝'],
  [/DingTalk\//, '钉钉'],
  [/\bQQ\/|MQQBrowser\/|QQBrowser\//, 'QQ'],
  [/UCBrowser\/|UBrowser\//, 'UC'],
  [/HuaweiBrowser\//, '华为浏览器'],
  [/MiuiBrowser\//, '小米浏览器'],
  [/\bEdg(e|A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\//, 'Chrome'],
  [/Version\/.*Safari\//, 'Safari'],
]

const systems: Known = [
  [/OpenHarmony|HarmonyOS/, 'HarmonyOS'],
  [/iPhone|iPod/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows NT/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
]
