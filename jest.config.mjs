// biome-ignore lint/style/noDefaultExport: jest reads nothing else
export default {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // They take long or need root: `npm run test:outside`.
  testPathIgnorePatterns: process.env.OUTSIDE === '1' ? [] : ['<rootDir>/test/outside/'],
  testEnvironment: '<rootDir>/test/support/jest/environment.mjs',
  runtime: '<rootDir>/test/support/jest/runtime.mjs',
  transform: {},
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  reporters: ['default', '<rootDir>/test/support/summary-reporter.mjs'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.data/'],
  maxWorkers: 2,
  // A worker keeps the modules of its files, and with them what they started. Node.js slows down at 4 GB and then ends.
  workerIdleMemoryLimit: '1GB',
  // Ends a test that hangs. On a loaded machine some take a minute, and no test asserts how long it takes.
  testTimeout: 180_000,
}
