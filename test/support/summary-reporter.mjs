/** Ends the output with a line that scripts can parse, and fails a run without any test. */
// biome-ignore lint/style/noDefaultExport: jest reads nothing else
export default class SummaryReporter {
  #ran = 0

  onRunComplete(_contexts, results) {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = results
    this.#ran = numPassedTests + numFailedTests
    const failed = numFailedTests + numRuntimeErrorTestSuites
    process.stdout.write(`${numPassedTests} passed, ${failed} failed\n`)
  }

  getLastError() {
    return this.#ran === 0 ? new Error('No test ran.') : undefined
  }
}
