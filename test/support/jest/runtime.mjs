import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { register } from 'tsx/esm/api'

register()
globalThis.jest = {
  /** @param {number} milliseconds of each test and hook in the file */
  setTimeout(milliseconds) {
    globalThis[Symbol.for('TEST_TIMEOUT_SYMBOL')] = milliseconds
  },
}

/**
 * Loads test files as Node.js loads them, so that the test files of a worker share what they import: jest evaluates
 * everything anew for each, seconds of a processor where oidc-provider is among it (docs/decisions/0130).
 */
// biome-ignore lint/style/noDefaultExport: jest reads nothing else
export default class SharedModules {
  unstable_shouldLoadAsEsm() {
    return true
  }

  unstable_importModule(path) {
    return import(pathToFileURL(path).href)
  }

  /** jest-circus, which remembers the tests of one file: anew for each. */
  requireInternalModule(path) {
    const require = createRequire(path)
    delete require.cache[path]
    return require(path)
  }

  requireModule() {}
  setGlobalsForRuntime() {}
  getSourceMaps() {}
  getAllCoverageInfoCopy() {}
  enterTestCode() {}
  leaveTestCode() {}
  teardown() {}
}
