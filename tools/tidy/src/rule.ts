import type { SourceFile, Tree } from './tree.js';

/** A place that breaks a rule, and what to do about it. */
export interface Finding {
  path: string;
  line?: number;
  message: string;
}

/** A rule of the house that can be read off the tree: it gives every place where it is broken. */
export interface Rule {
  /** The rule as a sentence, for the test's name. */
  readonly sentence: string;
  check(tree: Tree): Finding[];
}

/** The findings as an editor's links: `path:line message`. */
export function reportOf(rule: Rule, tree: Tree): string[] {
  return rule.check(tree).map(({ path, line, message }) => `${path}${line === undefined ? '' : `:${line}`} ${message}`);
}

/** Findings of a pattern in the lines of files. */
export function findingsOf(files: readonly SourceFile[], pattern: RegExp, message: (match: string) => string): Finding[] {
  return files.flatMap(({ path, lines }) =>
    lines.flatMap((text, index) => {
      const match = pattern.exec(text);
      return match ? [{ path, line: index + 1, message: message(match[0].trim()) }] : [];
    }),
  );
}
