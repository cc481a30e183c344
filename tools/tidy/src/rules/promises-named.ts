import type { Rule } from '../rule.js';

/** The promise is what a reader of a red test must be told first. */
export const promisesNamed: Rule = {
  sentence: 'a system test begins with the promise to the user that it keeps',
  check: (tree) =>
    tree
      .matching('tests/system/**/*.sys-spec.ts')
      .filter(({ text }) => !/^(\S+ ){3,}\S+[.:;]/.test(openingComment(text)))
      .map(({ path }) => ({ path, line: 1, message: 'the file does not begin with a sentence that names a promise' })),
};

/** The words of the comment at the very start of a file. */
function openingComment(text: string): string {
  const comment = /^(\/\*[^]*?\*\/|(\/\/.*\n)+)/.exec(text)?.[0] ?? '';
  return comment
    .replace(/^[ /*]+/gm, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
