/** Two kinds of tests, by cost: specs beside the code do no I/O; the others start real servers. */
const shared = {
  testEnvironment: 'node',
  setupFilesAfterEnv: ['<rootDir>/tests/time-limit.mjs'],
  testEnvironmentOptions: { customExportConditions: ['@kintsugi/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/.+/dist/', '<rootDir>/.nx/'],
};

export default {
  testSequencer: '<rootDir>/tests/longest-first.mjs',
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/{apps,libs,examples,tools}/**/src/**/*.spec.ts'] },
    { ...shared, displayName: 'integration', testMatch: ['<rootDir>/tests/integration/**/*.int-spec.ts'] },
    { ...shared, displayName: 'system', testMatch: ['<rootDir>/tests/system/**/*.sys-spec.ts'] },
  ],
};
