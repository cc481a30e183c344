import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { Injectable } from '@nestjs/common';
import { ProblemError } from '@kintsugi/contracts';
import { Clock } from '../platform/clock.js';
import { addressOf } from '../git/domain/allowed-urls.js';
import { GitFailure, kindOfError } from '../git/domain/git-failure.js';
import { Git } from '../git/process/git.js';
import type { Pool } from '../slots/domain/slot.js';
import { PoolFolder } from '../slots/pool-folder.js';
import { arePacksAsWritten } from './pack-sums.js';

/** Many slots that are made at once need not read all objects of the mirror each. */
const soundMs = 60_000;

/** What lets partial copies be made of a mirror, and get the rest from it later. */
const givenParts = ['uploadpack.allowFilter', 'uploadpack.allowAnySHA1InWant'];
const givesParts = givenParts.flatMap((setting) => ['--config', `${setting}=true`]);

/** One bare copy of each repository, from which slots are made without asking the remote again. */
@Injectable()
export class Mirrors {
  private readonly turns = new Map<string, Promise<unknown>>();
  private readonly soundAt = new Map<string, number>();

  constructor(
    private readonly git: Git,
    private readonly folder: PoolFolder,
    private readonly clock: Clock,
  ) {}

  /** The mirror of a repository, cloned if there is none yet. */
  ensure(url: string): Promise<string> {
    return this.inTurn(url, () => this.present(url));
  }

  /** Brings a mirror up to what the remote has. */
  refresh(url: string): Promise<string> {
    return this.inTurn(url, async () => {
      const gitDir = await this.present(url);
      await this.git.runRemote(['fetch', '--quiet', '--prune', '--prune-tags', '--force', '--end-of-options', 'origin'], {
        at: { gitDir },
        transports: [transportOf(url)],
      });
      return gitDir;
    });
  }

  /** A mirror that was known to be whole a moment ago: one that is not is set aside and cloned again. */
  sound(url: string): Promise<string> {
    return this.inTurn(url, async () => {
      const gitDir = await this.present(url);
      if (this.clock.now() - (this.soundAt.get(gitDir) ?? -Infinity) < soundMs) return gitDir;
      // What was written and is as it was written need not be read object by object.
      const how = (await arePacksAsWritten(gitDir).catch(brokenAs)) ? '--connectivity-only' : '--full';
      const { code } = await this.git
        .run(['fsck', how, '--no-dangling', '--no-progress'], { at: { gitDir }, codes: 'any', timeoutMs: 600_000 })
        .catch(corruptAs);
      if (code === 0) {
        this.soundAt.set(gitDir, this.clock.now());
        return gitDir;
      }
      await this.folder.setAside(gitDir, `mirror-${randomUUID()}`, this.clock.now());
      return this.present(url);
    });
  }

  /** The branch that a new slot is at, its commit, and how objects are named. */
  async branchOf(url: string, wanted: string | undefined, hasParts: boolean): Promise<Pick<Pool, 'branch' | 'object_format'>> {
    const at = { gitDir: await this.ensure(url) };
    const branch =
      wanted ?? (await this.git.run(['symbolic-ref', '--short', 'HEAD'], { at })).text.trim().replace(/^refs\/heads\//, '');
    const { code } = await this.git.run(
      ['rev-parse', '--verify', '--quiet', '--end-of-options', `refs/heads/${branch}^{commit}`],
      {
        at,
        codes: [0, 1, 128],
      },
    );
    if (code !== 0) throw branchMissing(branch);
    if (hasParts) await this.inTurn(url, () => this.letGiveParts(at));
    const format = (await this.git.run(['rev-parse', '--show-object-format'], { at })).text.trim();
    return { branch, object_format: format === 'sha256' ? 'sha256' : 'sha1' };
  }

  /** A mirror of before there were partial copies gives none. */
  private async letGiveParts(at: { gitDir: string }): Promise<void> {
    for (const setting of givenParts) {
      const { text } = await this.git.run(['config', '--get', setting], { at, codes: [0, 1] });
      if (text.trim() !== 'true') await this.git.run(['config', setting, 'true'], { at });
    }
  }

  placeOf(url: string): string {
    return this.folder.mirror(url);
  }

  private async present(url: string): Promise<string> {
    const place = this.placeOf(url);
    if (
      await stat(place)
        .then((one) => one.isDirectory())
        .catch(() => false)
    ) {
      return place;
    }
    const staged = this.folder.of('staging', `mirror.${randomUUID()}`);
    try {
      await this.git.runRemote(['clone', '--quiet', '--mirror', '--no-local', ...givesParts, '--end-of-options', url, staged], {
        transports: [transportOf(url)],
      });
      await mkdir(this.folder.of('mirrors'), { recursive: true });
      await rename(staged, place);
      // Git has just read each object of it, and looked whether all are there.
      this.soundAt.set(place, this.clock.now());
    } finally {
      await rm(staged, { recursive: true, force: true });
    }
    return place;
  }

  private async inTurn<Result>(url: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.turns.get(url) ?? Promise.resolve();
    const mine = before.then(work, work);
    const settled = mine.catch(() => undefined);
    this.turns.set(url, settled);
    try {
      return await mine;
    } finally {
      if (this.turns.get(url) === settled) this.turns.delete(url);
    }
  }
}

export function branchMissing(branch: string): ProblemError {
  return new ProblemError('VALIDATION_FAILED', `The repository has no branch ${branch}. Name one that it has as data.branch.`, {
    errors: [{ path: 'data.branch', rule: 'VALUE', got: branch, allowed: 'a branch with at least one commit' }],
  });
}

export function transportOf(url: string): string {
  const address = addressOf(url);
  if (typeof address === 'string') throw new GitFailure('refused', 'clone', address, null);
  return address.transport;
}

/** A folder that is missing is for git to judge; a disk that can't be read is no broken repository. */
function brokenAs(error: unknown): false {
  if (kindOfError(error) !== null) throw error;
  return false;
}

function corruptAs(error: unknown): { code: number } {
  if (error instanceof GitFailure && error.kind !== 'environment' && error.kind !== 'timeout') return { code: error.code ?? 128 };
  throw error;
}
