/**
 * Repairs one slot as pool-agent does, and is killed at a step of that: `node killed-agent.mjs FOLDER SLOT_ID STEP CALLS`. A step is
 * a call of one of CALLS, which change files; the process kills itself before it is made. It says how many there were where it was not killed.
 */
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const [root, slotId, killAt, calls] = process.argv.slice(2);
let [steps, isRepairing] = [0, false];
for (const name of calls.split(',')) {
  const call = fs[name];
  fs[name] = async (...given) => {
    if (isRepairing) {
      steps += 1;
      if (steps === Number(killAt)) process.kill(process.pid, 'SIGKILL');
    }
    return call(...given);
  };
}
syncBuiltinESMExports();

const from = async (path) => import(new URL(`../../../apps/pool-agent/dist/${path}.js`, import.meta.url));
const [{ PoolFolder }, { SlotBook }, { SlotLocks }] = await Promise.all(
  ['slots/pool-folder', 'slots/slot-book', 'slots/slot-locks'].map(from),
);
const [{ Git }, { Mirrors }, { Sources }, { Inspector }, { RungWorks }] = await Promise.all(
  ['git/process/git', 'mirrors/mirrors', 'mirrors/sources', 'inspection/inspector', 'ladder/rung-works'].map(from),
);
const [{ SlotMaker }, { SavedWork }, { Ladder }, { SlotDoctor }] = await Promise.all(
  ['ladder/slot-maker', 'ladder/saved-work', 'ladder/ladder', 'recovery/slot-doctor'].map(from),
);
const [{ PoolRules }, { SubmoduleList }, { SubmoduleInspector }, { SubmoduleWorks }] = await Promise.all(
  ['git/pool-rules', 'mirrors/submodule-list', 'inspection/submodule-inspector', 'ladder/submodule-works'].map(from),
);
const { HostProcesses } = await from('platform/process/processes-in');
const clock = { now: () => Date.now() };
const folder = new PoolFolder(root, 'here');
const book = new SlotBook(folder, clock);
const git = new Git({ searchPath: process.env.PATH, home: folder.of('home'), ceiling: root }, () => 1);
const mirrors = new Mirrors(git, folder, clock);
const sources = new Sources(git, mirrors);
const list = new SubmoduleList(git, new PoolRules([/^file:/], 'file:///*'), mirrors);
const submoduleInspector = new SubmoduleInspector(git, folder, list);
const inspector = new Inspector(git, folder, book, submoduleInspector);
const saved = new SavedWork(git, folder, clock);
const submodules = new SubmoduleWorks(git, sources, list, submoduleInspector, saved, folder, clock);
const [works, maker] = [new RungWorks(git, sources, submodules, folder, clock), new SlotMaker(git, folder, sources, submodules)];
const ladder = new Ladder(book, inspector, works, maker, saved, submodules, folder, clock);
const doctor = new SlotDoctor(book, inspector, ladder, new SlotLocks(folder, clock), clock, new HostProcesses());
await book.open();
isRepairing = true;
const { outcome } = await doctor.recover(slotId, { evict: true });
process.stdout.write(JSON.stringify({ steps, outcome }));
