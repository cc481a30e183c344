import type { Command } from 'commander';

/** Adds a command with its arguments, such as `<id>`, to the program; what it can be given comes next. */
export type AddCommand = (name: string, usage: string) => Command;
