import type { Page } from '../markdown.js';

/** The help of each command, as `--help` prints it. */
export function cliPage(helps: ReadonlyMap<string, string>): Page {
  const pages = [...helps].map(([path, text]) => ({
    name: path.slice(path.lastIndexOf('/') + 1, -'.txt'.length),
    text: text.trimEnd(),
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
