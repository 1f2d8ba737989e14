const { exit } = process

/** Runs all test files of a worker in its own global scope, and removes what jest stores there after each file. */
// biome-ignore lint/style/noDefaultExport: jest reads nothing else
export default class SharedEnvironment {
  global = globalThis

  getVmContext() {
    return null
  }

  async setup() {
    // jest's hook maps error lines by its own source maps; tsx has made these files, so Node.js's mapping must stay.
    Error.prepareStackTrace = undefined
  }

  async teardown() {
    process.exit = exit
    for (const key of Object.getOwnPropertySymbols(globalThis))
      if (ofOneFile.has(key.description)) delete globalThis[key]
  }
}

/** jest's state of one file: its tests and hooks, its event handlers, and the value of `jest.setTimeout`. */
const ofOneFile = new Set(['JEST_STATE_SYMBOL', 'EVENT_HANDLERS', 'TEST_TIMEOUT_SYMBOL'])
