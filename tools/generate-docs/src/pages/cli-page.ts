import type { Page } from '../markdown.js';
import { filesIn, textOf } from '../workspace.js';

/** The help of each command, as `--help` prints it. */
export function cliPage(): Page {
  const pages = filesIn('tools/cli', 'tools/cli/help/*.txt').map((path) => ({
    name: path.slice(path.lastIndexOf('/') + 1, -'.txt'.length),
    text: textOf(path).trimEnd(),
  }));
  return {
    title: 'The command line',
    intro: 'What `./kintsugi` can do; the same texts are printed by `--help`.',
    body: pages.flatMap(({ name, text }) => [
      `## ${name === 'kintsugi' ? 'kintsugi' : `kintsugi ${name}`}`,
      `\`\`\`text\n${text}\n\`\`\``,
    ]),
  };
}
