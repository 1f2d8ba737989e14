const { exit } = process

/** The worker's own world, not one made for each test file: what jest puts there for one file is taken away for the next. */
// biome-ignore lint/style/noDefaultExport: jest reads nothing else
export default class OneWorld {
  global = globalThis

  getVmContext() {
    return null
  }

  async setup() {
    // Node.js finds the lines of errors by tsx's source maps, jest by those that it made itself.
    Error.prepareStackTrace = undefined
  }

  async teardown() {
    process.exit = exit
    for (const key of Object.getOwnPropertySymbols(globalThis))
      if (ofOneFile.has(key.description)) delete globalThis[key]
  }
}

/** Tests and hooks that were found, who hears of them, and `jest.setTimeout`. */
const ofOneFile = new Set(['JEST_STATE_SYMBOL', 'EVENT_HANDLERS', 'TEST_TIMEOUT_SYMBOL'])
