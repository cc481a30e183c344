import { problemCatalogue } from '@kintsugi/contracts';
import type { Rule } from '../rule.js';

const path = 'docs/generated/problems.md';

/** The catalogue and the page that users read name the same codes, both ways. */
export const problemsDocumented: Rule = {
  sentence: 'every problem code is documented, and every documented code exists',
  check: (tree) => {
    const documented = [...(tree.find(path)?.text ?? '').matchAll(/^\| `([A-Z][A-Z0-9_]+)` \|/gm)].map((match) => match[1] ?? '');
    const codes = Object.keys(problemCatalogue);
    return [
      ...codes.filter((code) => !documented.includes(code)).map((code) => ({ path, message: `${code} is not documented` })),
      ...documented.filter((code) => !codes.includes(code)).map((code) => ({ path, message: `${code} does not exist` })),
    ];
  },
};
