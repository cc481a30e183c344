import type { SourceFile, Tree } from './tree.js';

const testGlobs = ['**/*.{spec,int-spec,sys-spec}.ts', 'tests/**/*.ts', 'libs/shared/testing/**/*.ts'];

/** Program text, wherever it stands. */
export function codeOf(tree: Tree): SourceFile[] {
  return tree.matching('{apps,libs,examples,tools,tests}/**/*.{ts,tsx,mjs}', '*.mjs');
}

/** Program text that is built: no tests, and nothing that only tests use. */
export function builtCodeOf(tree: Tree): SourceFile[] {
  return tree.matching('{apps,libs,examples,tools}/**/src/**/*.{ts,tsx}').filter((file) => !file.matches(...testGlobs));
}

export function testsOf(tree: Tree): SourceFile[] {
  return tree.matching(...testGlobs);
}
