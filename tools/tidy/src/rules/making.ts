import { findingsOf, type Rule } from '../rule.js';

/** Put together here, so that this file does not break its own rule. */
const words = [
  ['clau', 'de'],
  ['anthro', 'pic'],
  ['chat', 'gpt'],
  ['open', 'ai'],
  ['copi', 'lot'],
  ['language ', 'models?'],
  ['ll', 'ms?'],
  ['sub-?', 'agents?'],
  ['ai-', '(generated|written|assisted)'],
  ['generated ', 'by (an )?ai'],
  ['the ', 'brief (says|asks)'],
  ['(my|our|your) ', 'brief'],
  ['iss', 'ue #?\\d+'],
  ['(other|fellow) ', 'engineers?'],
  ['as ', 'instructed'],
].map((parts) => parts.join(''));

const making = new RegExp(`\\b(${words.join('|')})\\b`, 'i');

/** The text tells what the product is. How it came to be belongs in version control, and who made it nowhere. */
export const nothingOfTheMaking: Rule = {
  sentence: 'no text tells how the project was made',
  check: (tree) =>
    findingsOf(
      tree.files.filter(({ path }) => path !== 'package-lock.json' && path !== 'LICENSE'),
      making,
      (match) => `"${match}" tells of the making`,
    ),
};
