import { setTimeout as delay } from 'node:timers/promises';
import { gitEnvironment, gitFlags, type Source } from '../domain/git-manners.js';
import { GitFailure, crashCode, evidenceOf, hasCrashed, kindOfFailure } from '../domain/git-failure.js';
import { refusalByGit } from '../domain/gitmodules.js';
import { runProgram, type ProgramEnd } from '../../platform/process/run-program.js';

/** A repository, told to git in so many words, so that it never looks for one. */
export interface GitPlace {
  gitDir: string;
  workTree?: string;
}

export interface GitCall {
  at?: GitPlace;
  transports?: readonly string[];
  /** What stands for the remote, and gives git also what a partial copy has not. */
  source?: Source | undefined;
  timeoutMs?: number;
  /** Ends that are no failure. @default 0 alone */
  codes?: readonly number[] | 'any';
}

export interface GitAnswer {
  code: number;
  out: Buffer;
  text: string;
  said: string;
}

const localTimeoutMs = 60_000;
const remoteTimeoutMs = 600_000;
const retryDelaysMs = [200, 1_000, 3_000];

/** Every call of git that this process makes. No shell, no prompt, no configuration of anybody, and an end in time. */
export class Git {
  constructor(
    private readonly ground: { searchPath: string; home: string; ceiling: string; remoteTimeoutMs?: number },
    private readonly pauseMs: (attempt: number) => number = (attempt) => retryDelaysMs[attempt] as number,
  ) {}

  async run(args: readonly string[], call: GitCall = {}): Promise<GitAnswer> {
    return this.answer(args, call, false);
  }

  /** The same for what looks at a slot, however broken: that git crashes over it is an answer, told by the code of what it can't do. */
  async look(args: readonly string[], call: GitCall): Promise<GitAnswer> {
    return this.answer(args, call, true);
  }

  private async answer(args: readonly string[], call: GitCall, crashIsAnswer: boolean): Promise<GitAnswer> {
    const { at, transports = [], source, codes = [0] } = call;
    const longestMs = transports.length > 0 ? (this.ground.remoteTimeoutMs ?? remoteTimeoutMs) : localTimeoutMs;
    const timeoutMs = call.timeoutMs ?? longestMs;
    const place = at ? [`--git-dir=${at.gitDir}`, ...(at.workTree ? [`--work-tree=${at.workTree}`] : [])] : [];
    const end = await runProgram({
      file: 'git',
      args: [...gitFlags, '--no-pager', ...place, ...args],
      environment: gitEnvironment({ ...this.ground, transports, source }),
      folder: at?.workTree ?? this.ground.home,
      timeoutMs,
    });
    const command = args[0] as string;
    if (end.timedOut) throw new GitFailure('timeout', command, `it took longer than ${timeoutMs / 1_000} s`, null);
    // It asks for what is missing, and who was asked has ended already.
    if (end.signal === 'SIGPIPE') throw new GitFailure('corrupt', command, 'it could not get what is missing', null);
    const crash = hasCrashed(end.signal) ? `it crashed (${end.signal})` : '';
    if (crash && !crashIsAnswer) throw new GitFailure('corrupt', command, crash, null);
    const code = crash ? crashCode : end.code;
    if (code === null) throw new GitFailure('environment', command, 'it was killed', null);
    if (codes !== 'any' && !codes.includes(code)) throw failureOf(command, end, code);
    return { code, out: end.stdout, text: end.stdout.toString('utf8'), said: evidenceOf(`${end.stderr}\n${crash}`) };
  }

  /** The same for what talks to a remote: tried again three times while that can't be reached, and only then. */
  async runRemote(args: readonly string[], call: GitCall & { transports: readonly string[] }): Promise<GitAnswer> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.run(args, call);
      } catch (error) {
        const isWorthATry = error instanceof GitFailure && error.kind === 'network' && attempt < retryDelaysMs.length;
        if (!isWorthATry) throw error;
        await delay(this.pauseMs(attempt));
      }
    }
  }
}

function failureOf(command: string, { stderr }: ProgramEnd, code: number): GitFailure {
  return refusalByGit(stderr) ?? new GitFailure(kindOfFailure(stderr), command, evidenceOf(stderr), code);
}
