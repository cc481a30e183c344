import type { Command } from 'commander';
import { exportsOf, filesIn, textOf } from './workspace.js';

interface CommandLine {
  createProgram(): Command;
  withOptions(text: string, command: Command): string;
}

/**
 * The help of each command by the path of its file: what somebody wrote, with the options as the command line declares
 * them. They are files because the script prints them before anything is built.
 */
export async function helpTexts(): Promise<Map<string, string>> {
  const { createProgram } = (await exportsOf('tools/cli/src/program.ts')) as unknown as Pick<CommandLine, 'createProgram'>;
  const { withOptions } = (await exportsOf('tools/cli/src/help-options.ts')) as unknown as Pick<CommandLine, 'withOptions'>;
  const commands = new Map(createProgram().commands.map((command) => [command.name(), command]));
  return new Map(
    filesIn('tools/cli', 'tools/cli/help/*.txt').map((path) => {
      const command = commands.get(path.slice(path.lastIndexOf('/') + 1, -'.txt'.length));
      return [path, command ? withOptions(textOf(path), command) : textOf(path)];
    }),
  );
}
