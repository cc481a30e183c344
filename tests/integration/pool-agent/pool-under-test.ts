import { createHash } from 'node:crypto';
import { lstatSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { operations, validate, type ActionInput, type ActionRequest } from '@kintsugi/contracts';
import { Metrics, createLogger } from '@kintsugi/observability';
import { patternOf } from '../../../apps/pool-agent/src/git/domain/allowed-urls.js';
import { HostProcesses } from '../../../apps/pool-agent/src/platform/process/processes-in.js';
import { PoolRules } from '../../../apps/pool-agent/src/git/pool-rules.js';
import { Git } from '../../../apps/pool-agent/src/git/process/git.js';
import { Inspector } from '../../../apps/pool-agent/src/inspection/inspector.js';
import { SubmoduleInspector } from '../../../apps/pool-agent/src/inspection/submodule-inspector.js';
import { Ladder } from '../../../apps/pool-agent/src/ladder/ladder.js';
import { RungWorks } from '../../../apps/pool-agent/src/ladder/rung-works.js';
import { SavedWork } from '../../../apps/pool-agent/src/ladder/saved-work.js';
import { SlotMaker } from '../../../apps/pool-agent/src/ladder/slot-maker.js';
import { SubmoduleWorks } from '../../../apps/pool-agent/src/ladder/submodule-works.js';
import { Mirrors } from '../../../apps/pool-agent/src/mirrors/mirrors.js';
import { Sources } from '../../../apps/pool-agent/src/mirrors/sources.js';
import { SubmoduleList } from '../../../apps/pool-agent/src/mirrors/submodule-list.js';
import { Allocations } from '../../../apps/pool-agent/src/pools/allocations.js';
import { Pools } from '../../../apps/pool-agent/src/pools/pools.js';
import { AutoRecover } from '../../../apps/pool-agent/src/recovery/auto-recover.js';
import { Detectors } from '../../../apps/pool-agent/src/recovery/detectors.js';
import { LapsedLeases } from '../../../apps/pool-agent/src/recovery/lapsed-leases.js';
import { LockKeeper } from '../../../apps/pool-agent/src/recovery/lock-keeper.js';
import { SlotDoctor } from '../../../apps/pool-agent/src/recovery/slot-doctor.js';
import { PoolFolder } from '../../../apps/pool-agent/src/slots/pool-folder.js';
import { SlotBook } from '../../../apps/pool-agent/src/slots/slot-book.js';
import { SlotLocks } from '../../../apps/pool-agent/src/slots/slot-locks.js';
import { makeRepository } from './repository.js';

/** A clock that a test can set ahead. */
export class TestClock {
  ahead = 0;

  now(): number {
    return Date.now() + this.ahead;
  }

  passHours(hours: number): void {
    this.ahead += hours * 3_600_000;
  }
}

export type PoolUnderTest = Awaited<ReturnType<typeof openPools>>;

/** All of pool-agent but its door, on a folder, as it is after a start. */
export async function openPools(root: string, clock = new TestClock(), patterns = 'file:///*', remoteTimeoutMs = 60_000) {
  const folder = new PoolFolder(join(root, 'pools'), 'here');
  const book = new SlotBook(folder, clock);
  const git = new Git(
    { searchPath: process.env.PATH ?? '', home: folder.of('home'), ceiling: folder.root, remoteTimeoutMs },
    () => 1,
  );
  const mirrors = new Mirrors(git, folder, clock);
  const sources = new Sources(git, mirrors);
  const rules = new PoolRules([patternOf(patterns) as RegExp], patterns);
  const list = new SubmoduleList(git, rules, mirrors);
  const submoduleInspector = new SubmoduleInspector(git, folder, list);
  const inspector = new Inspector(git, folder, book, submoduleInspector);
  const saved = new SavedWork(git, folder, clock);
  const submodules = new SubmoduleWorks(git, sources, list, submoduleInspector, saved, folder, clock);
  const works = new RungWorks(git, sources, submodules, folder, clock);
  const maker = new SlotMaker(git, folder, sources, submodules);
  const ladder = new Ladder(book, inspector, works, maker, saved, submodules, folder, clock);
  const locks = new SlotLocks(folder, clock);
  const processes = new HostProcesses();
  const doctor = new SlotDoctor(book, inspector, ladder, locks, clock, processes);
  const lockKeeper = new LockKeeper(book, locks, doctor, clock, processes);
  const detectors = new Detectors(book, inspector, lockKeeper, clock);
  const metrics = new Metrics('pool-agent');
  const autoRecover = new AutoRecover(book, detectors, lockKeeper, doctor, folder, clock, metrics);
  const leases = new LapsedLeases(book, doctor, clock, metrics, createLogger('pool-agent', 'silent'));
  const pools = new Pools(book, sources, list, doctor, locks, folder, clock, rules);
  const allocations = new Allocations(book, doctor, sources, list, submodules, locks, git, clock);
  await book.open();
  const requestOf = <
    Action extends 'createPool' | 'allocate' | 'release' | 'autoRecover' | 'detectAnomalies' | 'removeSlot' | 'deletePool',
  >(
    action: Action,
    data: ActionInput<Action>,
  ) => validate(operations[action].request, data, 'data') as ActionRequest<Action>;
  return {
    ...{
      root,
      clock,
      folder,
      book,
      git,
      mirrors,
      sources,
      inspector,
      doctor,
      lockKeeper,
      detectors,
      pools,
      locks,
      allocations,
      metrics,
      leases,
    },
    create: (data: ActionInput<'createPool'>) => pools.create(requestOf('createPool', data)),
    allocate: (data: ActionInput<'allocate'>) => allocations.allocate(requestOf('allocate', data)),
    release: (data: ActionInput<'release'>) => allocations.release(requestOf('release', data)),
    delete: (data: ActionInput<'deletePool'>) => pools.delete(requestOf('deletePool', data)),
    remove: (data: ActionInput<'removeSlot'>) => pools.removeSlot(requestOf('removeSlot', data)),
    autoRecover: (data: ActionInput<'autoRecover'> = {}) => autoRecover.execute(requestOf('autoRecover', data)),
    anomalies: (data: ActionInput<'detectAnomalies'> = {}) => detectors.anomalies(requestOf('detectAnomalies', data)),
  };
}

/** A folder with a repository in it, and pools of it. */
export async function startPools({ size = 1, format = 'sha1' }: { size?: number; format?: 'sha1' | 'sha256' } = {}) {
  const root = mkdtempSync(join(tmpdir(), 'kintsugi-pool-'));
  const url = makeRepository(join(root, 'repository'), format);
  const pools = await openPools(root);
  const pool = size === 0 ? null : await pools.create({ name: 'app', repository_url: url, size });
  return {
    ...{ pools, url, root },
    slots: pool?.slots ?? [],
    close: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** One hash of everything in a folder: names, kinds, rights and bytes. */
export function hashOfFolder(folder: string, leaveOut: (path: string) => boolean = () => false): string {
  const hash = createHash('sha256');
  const add = (path: string, name: string): void => {
    if (leaveOut(path)) return;
    const stats = lstatSync(path);
    hash.update(`${name}\0${stats.mode}\0`);
    if (stats.isSymbolicLink()) hash.update(readlinkSync(path));
    else if (stats.isFile()) hash.update(readFileSync(path));
    else if (stats.isDirectory()) for (const one of readdirSync(path).sort()) add(join(path, one), `${name}/${one}`);
  };
  add(folder, '');
  return hash.digest('hex');
}
