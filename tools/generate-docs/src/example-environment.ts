import type { Setting, SettingsGroup } from './settings.js';

const head = `# Every setting, with its default. Copy what you change to .env, which \`./kintsugi up\` reads.
# Written by tools/generate-docs. Do not edit: change the source and run \`node tools/generate-docs/dist/main.js\`.`;

/** All settings as a file of the environment in which nothing is set: each name once, for the first who reads it. */
export function exampleEnvironment(groups: readonly SettingsGroup[]): string {
  const shown = new Set<string>();
  const sections = groups.flatMap(({ title, source, settings }) => {
    const own = settings.filter(({ name }) => !shown.has(name));
    for (const { name } of own) shown.add(name);
    return own.length === 0 ? [] : [`## ${title} (${source})`, ...own.map(entryOf)];
  });
  return `${[head, ...sections].join('\n\n')}\n`;
}

function entryOf({ name, type, fallback, meaning }: Setting): string {
  const value = fallback.kind === 'value' ? quoted(fallback.text) : '';
  return `# ${meaning}\n# ${type.replaceAll('`', '')}${fallback.kind === 'required' ? ', required' : ''}\n#${name}=${value}`;
}

function quoted(text: string): string {
  return /^[\w./:,@?=+-]*$/.test(text) ? text : JSON.stringify(text);
}
