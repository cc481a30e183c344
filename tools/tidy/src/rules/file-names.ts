import { matchesGlob } from 'node:path';
import type { Finding, Rule } from '../rule.js';

/** Names that say nothing of what is inside. */
const empty = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'misc', 'types', 'constants', 'service', 'services']);

/** The same within a name of several words; `job-service` is an app, so `service` is not among them. */
const emptyWord = new Set(['util', 'utils', 'helper', 'helpers', 'misc']);

/** What may stand between a TypeScript file's name and `.ts`: a role that a framework gives, or a kind of test. */
const roles = new Set([
  'module',
  'controller',
  'consumer',
  'schema',
  'config',
  'conformance',
  'spec',
  'int-spec',
  'sys-spec',
  'd',
]);

const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Where each kind of test belongs, by its cost. */
const testPlaces = [
  { suffix: '.int-spec.ts', place: 'tests/integration/*/*.int-spec.ts' },
  { suffix: '.sys-spec.ts', place: 'tests/system/**/*.sys-spec.ts' },
  { suffix: '.spec.ts', place: '{apps,libs,examples,tools}/**/src/**/*.spec.ts' },
];

export const fileNames: Rule = {
  sentence: 'files and folders are named in kebab-case for the one concept in them',
  check: (tree) => {
    const sources = tree.matching('{apps,libs,examples,tools,tests}/**');
    const folders = new Set(sources.flatMap(({ path }) => foldersOf(path)));
    return [
      ...[...folders].flatMap((folder) => faultsOfName(folder, [folder.slice(folder.lastIndexOf('/') + 1)])),
      ...sources.filter(({ path }) => !isConventional(path)).flatMap(({ path }) => faultsOfFile(path)),
      ...tree.matching('docs/adr/*').flatMap(({ path }) => faultsOfDecision(path)),
    ];
  },
};

function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** Names that tools look for. */
function isConventional(path: string): boolean {
  return /(^|\/)(\.[^/]+|Dockerfile|[A-Z]+(\.md)?)$/.test(path);
}

function faultsOfFile(path: string): Finding[] {
  const [name = '', ...suffixes] = path.slice(path.lastIndexOf('/') + 1).split('.');
  const faults = faultsOfName(path, [name, ...suffixes.slice(0, -1)]);
  if (!path.endsWith('.ts')) return faults;
  for (const suffix of suffixes.slice(0, -1)) {
    if (!roles.has(suffix)) {
      faults.push({ path, message: `.${suffix} is not a role; the allowed ones are ${[...roles].join(', ')}` });
    }
  }
  const kind = testPlaces.find(({ suffix }) => path.endsWith(suffix));
  if (kind && !matchesGlob(path, kind.place)) faults.push({ path, message: `a test of this kind stands in ${kind.place}` });
  return faults;
}

function faultsOfName(path: string, parts: string[]): Finding[] {
  return parts.flatMap((part) => {
    if (!kebab.test(part)) return [{ path, message: `${part} is not kebab-case` }];
    const word = empty.has(part) ? part : part.split('-').find((piece) => emptyWord.has(piece));
    return word === undefined ? [] : [{ path, message: `${word} says nothing: name the concept that is inside` }];
  });
}

function faultsOfDecision(path: string): Finding[] {
  return /\/\d{4}-[a-z0-9]+(-[a-z0-9]+)*\.md$/.test(path)
    ? []
    : [{ path, message: 'a decision is called NNNN-what-was-decided.md' }];
}
