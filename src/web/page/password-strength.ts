import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { readCommonPasswords } from '../../../config/common-passwords.ts'

const require = createRequire(import.meta.url)

/** The number of common passwords in the script. More would enlarge the download; the server checks all of them. */
const mostCommon = 3000

/**
 * The script that estimates the strength of a password (`window.passwordScore`, 0–4): zxcvbn-ts with keyboard layouts
 * and the list of common passwords (decision 0157).
 */
export function strengthScript(): Buffer {
  const core = readFileSync(require.resolve('@zxcvbn-ts/core/dist/zxcvbn-ts.js'), 'utf8')
  const graphs = readFileSync(
    require.resolve('@zxcvbn-ts/language-common/src/adjacencyGraphs.json'),
    'utf8',
  )
  const passwords = JSON.stringify([...readCommonPasswords()].slice(0, mostCommon).join(' '))
  return Buffer.from(`(() => {
const page = {};
(function () { ${core.replace(/^\/\/# sourceMappingURL=.*$/m, '')} }).call(page);
const dictionary = { passwords: ${passwords}.split(' ') };
const estimator = new page.zxcvbnts.core.ZxcvbnFactory({ dictionary, graphs: ${graphs} });
window.passwordScore = (password, others) => estimator.check(password, others.filter(Boolean)).score;
})();
`)
}
