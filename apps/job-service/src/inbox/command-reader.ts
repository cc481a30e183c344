import { Injectable } from '@nestjs/common';
import {
  ProblemError,
  commandOf,
  commands,
  decodeUtf8,
  limits,
  parseJson,
  validate,
  type CommandData,
  type CommandName,
} from '@kintsugi/contracts';
import { Turns, atOnceBytesMax } from '@kintsugi/hosting';
import { IncomingJobs, type IncomingJob } from '../intake/incoming-job.js';

type SmallCommand = Exclude<CommandName, 'createJob'>;

export type ReceivedCommand =
  { name: 'createJob'; job: IncomingJob } | { [Name in SmallCommand]: { name: Name; data: CommandData<Name> } }[SmallCommand];

/** Reads the commands that messages carry, and holds them to their contracts, without keeping the loop from anything else for long. */
@Injectable()
export class CommandReader {
  constructor(
    private readonly turns: Turns,
    private readonly jobs: IncomingJobs,
  ) {}

  async read(subject: string, payload: Uint8Array): Promise<ReceivedCommand> {
    const name = nameOf(subject);
    // A command may come again under the name of its message.
    if (name === 'createJob') return { name, job: await this.jobs.read(payload, true) };
    if (payload.length > limits.messageBytes) throw tooLarge(payload.length);
    if (payload.length > atOnceBytesMax) await this.turns.next();
    const input = parseJson(decodeUtf8(payload, 'The message'), 'data');
    return { name, data: validate(commands[name].data, input, 'data') } as ReceivedCommand;
  }
}

function nameOf(subject: string): CommandName {
  const name = commandOf(subject);
  if (Object.hasOwn(commands, name)) return name as CommandName;
  throw new ProblemError(
    'ACTION_UNKNOWN',
    `There is no command ${name.slice(0, 100)}. Known: ${Object.keys(commands).join(', ')}.`,
  );
}

function tooLarge(bytes: number): ProblemError {
  const [got, allowed] = [`${bytes} bytes`, `at most ${limits.messageBytes} bytes`];
  return new ProblemError('BODY_TOO_LARGE', `data: TOO_LONG, got ${got}, allowed: ${allowed}.`, {
    errors: [{ path: 'data', rule: 'TOO_LONG', got, allowed }],
  });
}
