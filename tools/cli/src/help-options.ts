import type { Command, Option } from 'commander';

const helpColumns = 80;
const ownHeading = 'Options:';
/** Lists of options, one after the other, each under its heading. */
const written = /(?:^Options(?: of .*)?:\n(?:^ {2}.*\n)*\n?)+/m;
/** Those of nearly every command come after its own. */
const common = ['--url', '--home', '--json'];

/** The help of a command with its options as they are declared, in place of those that it tells of. */
export function withOptions(text: string, command: Command): string {
  return text.replace(written, () => `${optionsText(command)}\n`);
}

function optionsText(command: Command): string {
  const help = command.createHelp();
  help.helpWidth = helpColumns;
  const options = [...command.options].sort((one, other) => common.indexOf(one.long ?? '') - common.indexOf(other.long ?? ''));
  const width = Math.max(...options.map((option) => termOf(option).length));
  const lists = Map.groupBy(options, ({ helpGroupHeading = ownHeading }) => helpGroupHeading);
  const own = lists.get(ownHeading) ?? [];
  lists.delete(ownHeading);
  return [...lists, [ownHeading, own] as const]
    .map(([heading, members]) => {
      const lines = members.map((option) => help.formatItem(termOf(option), width, option.description, help));
      return `${heading}\n${lines.join('\n')}\n`;
    })
    .join('\n');
}

function termOf({ flags }: Option): string {
  return flags.replace(/<(.*)>/, (_, value: string) => `${value.includes('|') ? value : value.toUpperCase()}`);
}
