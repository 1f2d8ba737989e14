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
 * Loads test files with Node.js's own loader, so that the test files of a worker share their imports. jest would
 * evaluate every import again for each file, which takes seconds with oidc-provider (decision 0130).
 */
// biome-ignore lint/style/noDefaultExport: jest reads nothing else
export default class SharedModules {
  unstable_shouldLoadAsEsm() {
    return true
  }

  unstable_importModule(path) {
    return import(pathToFileURL(path).href)
  }

  /** Loads jest-circus again for each file, since it keeps the tests of one file. */
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
