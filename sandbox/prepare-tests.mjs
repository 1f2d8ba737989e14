// Installs what `npm test` needs beside Node.js: packages and a browser. The test run itself starts the stores (test/support).
import { fileURLToPath } from 'node:url'
import { children } from './children.mjs'
import { prepareChromium } from './chromium.mjs'
import { installPackages } from './packages.mjs'

const family = children()
const tools = { family, log: (line) => console.log(line) }
try {
  await installPackages(fileURLToPath(new URL('..', import.meta.url)), tools)
  await prepareChromium(tools)
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
} finally {
  await family.stop()
}
