import checkFile from 'eslint-plugin-check-file';

/** How files and folders are called: in kebab-case, for the one concept in them; and where each kind of test stands, by its cost. */

/** Names that say nothing of what is inside. */
const empty = '@(util|utils|helper|helpers|common|misc|types|constants|service|services)';
/** The same within a name of several words; `job-service` is an app, so `service` is not among them. */
const withEmptyWord = '?(*-)@(util|utils|helper|helpers|misc)?(-*)';
const concept = 'the concept that is inside';

const kebab = '+([a-z0-9])*(-+([a-z0-9]))';
/** What may stand between a TypeScript file's name and `.ts`: a role that a framework gives, or a kind of test. */
const role = '@(module|controller|consumer|schema|config|conformance|spec|int-spec|sys-spec|d)';
const capitals = '+([A-Z])';

const plugins = { 'check-file': checkFile };
/** Of what ESLint reads for no other rule, the plugin gives it the name and no text. */
const processor = 'check-file/eslint-processor-check-file';
const named = (names, message) => ({
  'check-file/filename-naming-convention': ['error', names, message ? { errorMessage: message } : {}],
});

export const names = [
  {
    name: 'names',
    files: ['{apps,libs,examples,tools,tests}/**/*.{ts,tsx,mjs,json,md,txt}'],
    plugins,
    rules: {
      ...named({
        '**/*.ts': `${kebab}*(.${role})`,
        '**/*.tsx': kebab,
        '**/*.{mjs,json,txt}': kebab,
        '**/*.md': `@(${kebab}|${capitals})`,
      }),
      'check-file/folder-naming-convention': ['error', { '{apps,libs,examples,tools,tests}/**/': kebab }],
      'check-file/filename-blocklist': [
        'error',
        {
          [`**/${empty}.*`]: concept,
          [`**/${empty}/**`]: concept,
          [`**/${withEmptyWord}.*`]: concept,
          [`**/${withEmptyWord}/**`]: concept,
        },
        { errorMessage: '{{ target }}: a name of the file or of a folder says nothing. Name the concept that is inside.' },
      ],
      'check-file/folder-match-with-fex': [
        'error',
        {
          '*.int-spec.ts': 'tests/integration/*/',
          '*.sys-spec.ts': 'tests/system/**/',
          '*.spec.ts': '{apps,libs,examples,tools}/**/src/**/',
          'index.{ts,mjs}': '{libs/*,libs/shared/*,examples/*,tools/*}/src/',
        },
      ],
    },
  },
  {
    name: 'names without text',
    files: ['{apps,libs,examples,tools,tests}/**/*.{json,md,txt}', 'docs/adr/**/*.md'],
    plugins,
    processor,
  },
  {
    name: 'names of decisions',
    files: ['docs/adr/**/*.md'],
    plugins,
    rules: named({ 'docs/adr/*': '[0-9][0-9][0-9][0-9]+(-+([a-z0-9]))' }, 'A decision is called NNNN-what-was-decided.md.'),
  },
];
