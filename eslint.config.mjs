import comments from '@eslint-community/eslint-plugin-eslint-comments';
import nx from '@nx/eslint-plugin';
import { defineConfig } from 'eslint/config';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import jest from 'eslint-plugin-jest';
import tseslint from 'typescript-eslint';
import { rawCallbacks } from './eslint.boundaries.mjs';
import { names } from './eslint.names.mjs';
import { noMarkup, pageFiles, pages, projects, resolution } from './eslint.pages.mjs';
import { boundaries } from './eslint.projects.mjs';

/**
 * The rules of the house that a linter can see; CONTRIBUTING.md tells all ten, tools/tidy guards the others.
 * `no-restricted-imports` takes one list a file, so every zone below names its whole list: what each technology
 * is allowed in is decided by which list the zone's files get.
 */

const ban = (regex, message, importNames) => ({ regex, message, ...(importNames ? { importNames } : {}) });

const technologies = {
  telemetry: ban('^@opentelemetry/', 'OpenTelemetry is touched in libs/shared/tracing only; use what it exports.'),
  mongo: ban('^(mongodb|(@nestjs/)?mongoose)(/|$)', 'MongoDB is touched in mongo/ folders and libs/shared/persistence only.'),
  nats: ban('^(@nats-io/|nats$)', 'NATS is touched in libs/shared/messaging only; use what it exports.'),
  fastify: ban('^(@fastify/|fastify$|@nestjs/platform-fastify$)', 'Fastify is touched in http/ folders only.'),
  controllers: ban('^@nestjs/common$', 'Controllers stand in http/ or nats/ folders.', [
    'Controller',
    'Get',
    'Post',
    'Put',
    'Patch',
    'Delete',
    'Sse',
  ]),
  transport: ban('^@nestjs/microservices$', 'Message handlers stand in nats/ folders.'),
  processes: ban(
    '^(node:)?(child_process|cluster)$|^execa$',
    'Processes are started in process/ folders, libs/shared/servers and tools only.',
  ),
  prometheus: ban(
    '^(@prometheus-io/client|prom-client)$',
    'Metrics are declared in the metric catalogue of libs/shared/observability.',
  ),
};

/** All technologies but those whose place this is, and what else is refused here. */
const restrict = (allowed, ...more) => ({
  'no-restricted-imports': [
    'error',
    {
      patterns: [
        ...Object.keys(technologies)
          .filter((name) => !allowed.includes(name))
          .map((name) => technologies[name]),
        ...more,
      ],
    },
  ],
});

const neighboursOfDomain = [
  ban(
    '^(?!\\.|re2js$|@kintsugi/(contracts|statistics)$)',
    'domain/ imports its neighbours, the contracts, and statistics and re2js, which are pure; everything else is passed in.',
  ),
  ban('/(http|nats|mongo|process|commands|queries)/', 'domain/ does not know who uses it.'),
];

const inputAndOutput = ban(
  '^node:(?!(assert|crypto|events|path|stream|stream/promises|url|util|zlib|buffer|readline)$)|^@kintsugi/(testing|servers)$',
  'A spec beside the code does no I/O. What needs a server, a file or a process is an int-spec in tests/integration.',
);

const noStatusSetter = {
  selector: ':matches(Identifier, PrivateIdentifier)[name=/^(update|set)(Status|State)$/]',
  message: 'A state is changed by a named transition that states what it expects.',
};
const noEnvironment = {
  selector: 'MemberExpression[object.name="process"][property.name="env"]',
  message: 'Settings are declared and read once, in a *.config.ts file.',
};
const noNow = {
  selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
  message: 'domain/ has no clock: take `now` as a parameter.',
};
const noSleep = {
  selector: 'CallExpression[callee.name=/^(setTimeout|sleep|delay)$/]',
  message: 'Tests do not sleep: wait for what must become true with eventually().',
};
const noSleepModule = ban('^(node:)?timers/promises$', 'Tests do not sleep: wait for what must become true with eventually().');
const noExportOfAll = {
  selector: 'ExportAllDeclaration',
  message: '`export *` hides what is exported: name each thing.',
};
const noSilence = {
  selector: 'MemberExpression[object.name=/^(test|it|describe)$/][property.name=/^(skip|todo|failing)$/]',
  message: 'A test that does not run says why: in the reason of the comment that exempts it from this rule.',
};
const onlyExportsFrom = {
  selector: 'Program > :not(ExportNamedDeclaration[source])',
  message: 'A door holds `export { … } from` and nothing else.',
};
const refuseSyntax = (...selectors) => ({ 'no-restricted-syntax': ['error', noExportOfAll, ...selectors] });

const errors = (rules) => Object.fromEntries(rules.split(' ').map((rule) => [rule, 'error']));

/** The features of a service from the ground up: each may know those before it. */
const featuresOf = {
  'job-service':
    'platform outbox tasks steps jobs external dispatch dependencies wedges directory diagnosis intake control inbox deletion schedules reconcile',
  'recovery-service':
    'platform pool-hosts records groups policies analysis task-commands retries failures recoveries group-recoveries resends',
  'metrics-service': 'samples task-logs job-history log-access webhooks fleet alerts dead-letters',
  'pool-agent': 'platform git slots mirrors inspection ladder recovery pools',
};
const layers = Object.entries(featuresOf).map(([app, names]) => {
  const features = names.split(' ');
  const folder = `apps/${app}/src`;
  const zones = features.slice(0, -1).map((feature, floor) => ({
    target: `${folder}/${feature}`,
    from: features.slice(floor + 1).map((above) => `${folder}/${above}`),
    message: `${feature}/ does not know who uses it: ${features.join(' < ')}.`,
  }));
  return {
    name: `features of ${app}`,
    files: [`${folder}/**/*.ts`],
    ignores: ['**/*.spec.ts'],
    rules: { 'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones }] },
  };
});

const typescript = '{apps,libs,examples,tools,tests}/**/*.{ts,tsx}';
const specs = '{apps,libs,examples,tools}/**/*.spec.ts';
/** Those whose subject is the tree itself, or what was built from it, cannot do without reading files. */
const specsOfTheTree = 'tools/{tidy,generate-docs}/src/**/*.spec.ts';

export default defineConfig(
  { ignores: ['**/dist/', '**/coverage/', '.nx/', '**/.cache/', '.kintsugi/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    name: 'every file',
    files: ['**/*.{ts,tsx,mjs}'],
    plugins: { 'import-x': importX, 'eslint-comments': comments },
    settings: {
      'import-x/extensions': ['.ts', '.tsx', '.mjs'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
      // Imports of other projects lead to their dist/, where nobody looks for cycles: nx does that between projects.
      'import-x/resolver-next': [createNodeResolver(resolution)],
    },
    rules: {
      ...refuseSyntax(),
      ...errors('eqeqeq no-console no-debugger no-eval no-implied-eval no-param-reassign no-var object-shorthand'),
      // The later one of two branches that say the same never runs; merges leave such behind.
      ...errors('no-duplicate-case no-dupe-else-if'),
      curly: ['error', 'multi-line'],
      // A handler that is set up before what it closes must read the variable before its only assignment.
      'prefer-const': ['error', { ignoreReadBeforeAssign: true }],
      // In two halves, so that this file does not break its own rule.
      'no-warning-comments': [
        'error',
        { terms: ['to' + 'do', 'fix' + 'me', 'x' + 'xx', 'ha' + 'ck', 'prettier-ignore'], location: 'anywhere' },
      ],
      'eslint-comments/require-description': 'error',
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', 70],
      'import-x/no-cycle': 'error',
      'import-x/no-self-import': 'error',
      'import-x/no-duplicates': ['error', { 'prefer-inline': true }],
      'import-x/no-mutable-exports': 'error',
    },
  },
  ...names,
  {
    name: 'TypeScript',
    files: [typescript],
    extends: [tseslint.configs.recommendedTypeChecked],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { project: projects, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@nx/enforce-module-boundaries': ['error', boundaries],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // What was caught and kept, or is the reason of an abort, is thrown on as it is.
      '@typescript-eslint/only-throw-error': 'off',
      // Interfaces ask for promises that an implementation without I/O need not await for.
      '@typescript-eslint/require-await': 'off',
      // Promise.all takes what is there already beside what is still under way, and this rule does not.
      '@typescript-eslint/await-thenable': 'off',
      'import-x/no-default-export': 'error',
      ...restrict([]),
      ...refuseSyntax(noStatusSetter),
    },
  },
  // The edges: each technology in the folders named for it.
  { name: 'mongo/', files: ['**/mongo/**/*.ts', 'libs/shared/persistence/**/*.ts'], rules: restrict(['mongo']) },
  { name: 'nats/', files: ['**/nats/**/*.ts'], rules: restrict(['controllers', 'transport']) },
  { name: 'http/', files: ['**/http/**/*.ts'], rules: restrict(['fastify', 'controllers']) },
  { name: 'process/', files: ['**/process/**/*.ts', 'tools/**/*.ts'], rules: restrict(['processes']) },
  { name: 'messaging', files: ['libs/shared/messaging/**/*.ts'], rules: restrict(['nats']) },
  // A service without HTTP is a Nest microservice over our bus, and hosting is what makes one.
  { name: 'hosting', files: ['libs/shared/hosting/**/*.ts'], rules: restrict(['controllers', 'transport']) },
  { name: 'observability', files: ['libs/shared/observability/**/*.ts'], rules: restrict(['prometheus']) },
  { name: 'tracing', files: ['libs/shared/tracing/**/*.ts'], rules: restrict(['telemetry']) },
  // It starts mongod and makes it a replica set, which takes a connection.
  { name: 'servers', files: ['libs/shared/servers/**/*.ts'], rules: restrict(['mongo', 'processes']) },
  {
    name: 'contracts',
    files: ['libs/shared/contracts/**/*.ts'],
    rules: restrict(
      [],
      ban(
        '^(?!\\.|(zod|@standard-schema/spec)$)',
        'The browser may import the contracts: zod and nothing else, no node: module either.',
      ),
    ),
  },
  {
    name: 'what is told by settings',
    files: ['{apps,libs}/**/*.ts'],
    // Those two hand whole environments to the servers that they start.
    ignores: ['**/*.config.ts', 'libs/shared/hosting/src/settings.ts', 'libs/shared/{servers,testing}/**/*.ts', pageFiles],
    rules: {
      ...refuseSyntax(noStatusSetter, noEnvironment, ...rawCallbacks),
      '@typescript-eslint/no-floating-promises': [
        'error',
        { ignoreVoid: false, allowForKnownSafePromises: [{ from: 'package', name: 'FastifyReply', package: 'fastify' }] },
      ],
    },
  },
  {
    name: 'the boundary itself, and the client, whose host is a program of the user',
    files: ['libs/{shared/boundary,client}/**/*.ts'],
    rules: {
      ...refuseSyntax(noStatusSetter, noEnvironment),
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }],
    },
  },
  ...pages(refuseSyntax(noStatusSetter, noMarkup)),
  {
    name: 'domain/',
    files: ['**/domain/**/*.ts'],
    rules: {
      ...restrict([], ...neighboursOfDomain),
      ...refuseSyntax(noStatusSetter, noEnvironment, noNow),
      'no-restricted-globals': [
        'error',
        ...['process', 'performance', 'crypto', 'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'].map(
          (name) => ({
            name,
            message: 'domain/ has no clock, randomness or I/O: take what you need as a parameter.',
          }),
        ),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'domain/ has no clock: take `now` as a parameter.' },
        { object: 'Math', property: 'random', message: 'domain/ has no randomness: take it as a parameter.' },
      ],
    },
  },
  ...layers,
  { name: 'doors', files: ['libs/{*,shared/*}/src/index.ts'], rules: refuseSyntax(onlyExportsFrom) },
  {
    name: 'tests',
    files: [specs, 'tests/**/*.ts'],
    plugins: { jest },
    rules: {
      ...refuseSyntax(noSleep, noSilence),
      'jest/no-focused-tests': 'error',
      'jest/no-disabled-tests': 'error',
      'jest/no-identical-title': 'error',
      'jest/no-commented-out-tests': 'error',
      // A describe is a heading, not a function; tools/tidy measures what stands below it.
      'max-lines-per-function': 'off',
      // Tests read what comes over a wire as it comes; the assertion is what holds it to a shape.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
    },
  },
  {
    name: 'specs beside the code',
    files: [specs],
    ignores: [specsOfTheTree],
    rules: restrict(['controllers', 'transport', 'prometheus'], noSleepModule, inputAndOutput),
  },
  {
    name: 'tests with real servers',
    files: ['tests/**/*.ts'],
    // They look at a service from outside with whatever shows it best: a driver, a client, a process, a part of it.
    rules: { ...restrict(Object.keys(technologies), noSleepModule), '@nx/enforce-module-boundaries': 'off' },
  },
);
