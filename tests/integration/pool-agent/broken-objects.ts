import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, cpSync, readFileSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import type { Rung } from '../../../apps/pool-agent/src/inspection/domain/finding.js';
import { pack, put, setByte, unpacked, type CorruptionCase, type Patient } from './patient.js';
import { git } from './repository.js';

const metadata: Rung[] = ['metadata'];
const objects: Rung[] = ['objects'];

/** Where an object stands in an index depends on when its commits were made, so it is looked for. */
function misname(patient: Patient, expression: string): void {
  const index = pack(patient, 'idx');
  const name = Buffer.from(git(patient.path, 'rev-parse', expression).trim(), 'hex');
  setByte(index, readFileSync(index).indexOf(name) + name.length - 1);
}

/** What breaks the objects, and what makes git faster. */
export const brokenObjects: CorruptionCase[] = [
  {
    name: '12 a blob is missing',
    harm: (patient) => unlinkSync(unpacked(patient, 'HEAD:README')),
    finds: 'objects-broken',
    rungs: objects,
  },
  {
    name: '13 a tree is missing',
    harm: (patient) => unlinkSync(unpacked(patient, 'HEAD:src')),
    finds: 'objects-broken',
    rungs: metadata,
  },
  {
    name: '13 a parent is missing',
    harm: (patient) => unlinkSync(unpacked(patient, 'HEAD~2')),
    finds: 'objects-broken',
    rungs: objects,
  },
  {
    name: '14 a blob holds other bytes, well packed',
    harm: (patient) => writeFileSync(unpacked(patient, 'HEAD:README'), deflateSync(Buffer.from('blob 8\0round 9\n'))),
    ...{ finds: 'objects-broken', rungs: objects },
  },
  {
    name: '15 an object is cut short',
    harm: (patient) => truncateSync(unpacked(patient, 'HEAD:src/part-1.txt'), 10),
    finds: 'objects-broken',
    rungs: objects,
  },
  {
    name: '15 an object is empty',
    harm: (patient) => truncateSync(unpacked(patient, 'HEAD:README'), 0),
    finds: 'object-empty',
    rungs: objects,
  },
  {
    name: '15 the commit says that it is larger than any memory',
    harm: (patient) => writeFileSync(unpacked(patient, 'HEAD'), deflateSync(Buffer.from(`commit ${2 ** 50}\0tree`))),
    ...{ finds: 'ref-broken', rungs: ['metadata', 'objects'] },
  },
  {
    name: '15 an object has more behind it',
    harm: (patient) => appendFileSync(unpacked(patient, 'HEAD:README'), 'more'),
    finds: 'objects-broken',
    rungs: objects,
  },
  {
    name: '16 an object may not be read',
    harm: (patient) => chmodSync(unpacked(patient, 'HEAD:README'), 0),
    finds: 'unreadable',
    rungs: metadata,
  },
  {
    name: '17 a byte of a pack is another',
    harm: (patient) => setByte(pack(patient), 14),
    finds: 'objects-broken',
    rungs: ['metadata', 'objects'],
  },
  {
    name: '18 a pack is cut short',
    harm: (patient) => (chmodSync(pack(patient), 0o644), truncateSync(pack(patient), 100)),
    finds: 'objects-broken',
    rungs: ['metadata', 'objects'],
  },
  {
    name: '18 the end of a pack is another',
    harm: (patient) => setByte(pack(patient), -1),
    finds: 'objects-broken',
    rungs: ['metadata', 'objects'],
  },
  {
    name: '19 the index of a pack is missing',
    harm: (patient) => unlinkSync(pack(patient, 'idx')),
    finds: 'pack-without-index',
    rungs: metadata,
  },
  {
    name: '20 the index of a pack names a blob wrongly',
    harm: (patient) => misname(patient, 'HEAD:README'),
    finds: 'objects-broken',
    rungs: objects,
  },
  {
    name: '20 the index of a pack names the commit wrongly',
    harm: (patient) => misname(patient, 'HEAD'),
    finds: 'ref-broken',
    rungs: ['metadata', 'objects'],
  },
  {
    name: '21 a pack is missing',
    harm: (patient) => unlinkSync(pack(patient)),
    finds: 'pack-missing',
    rungs: ['metadata', 'objects'],
  },
  {
    name: '22 one of two copies of an object is broken',
    harm: (patient) => {
      const packed = readFileSync(pack(patient));
      const copy = unpacked(patient, 'HEAD:README');
      execFileSync('git', ['index-pack', '--stdin'], { cwd: patient.path, input: packed });
      truncateSync(copy, 5);
    },
    ...{ finds: 'objects-broken', rungs: objects },
  },
  {
    name: '23 the commit-graph is broken',
    harm: ({ gitDir, path }) => (
      git(path, 'commit-graph', 'write', '--reachable'),
      setByte(join(gitDir, 'objects/info/commit-graph'), 100)
    ),
    ...{ finds: 'cache-broken', rungs: metadata },
  },
  {
    name: '24 the multi-pack-index is broken',
    harm: ({ gitDir, path }) => (
      git(path, 'multi-pack-index', 'write'),
      setByte(join(gitDir, 'objects/pack/multi-pack-index'), -1)
    ),
    ...{ finds: 'cache-broken', rungs: metadata },
  },
  ...(['rev', 'bitmap'] as const).map((kind): CorruptionCase => ({
    name: `25 the ${kind === 'rev' ? 'reverse index' : 'bitmap'} of a pack is broken`,
    harm: (patient) => {
      git(patient.path, '-c', 'pack.writeReverseIndex=true', 'repack', '-adfqb');
      setByte(pack(patient, kind), 40);
    },
    ...{ finds: 'cache-broken', rungs: metadata },
  })),
  {
    name: '41 objects are borrowed from a copy that has lost them',
    harm: ({ gitDir, outside }) => {
      cpSync(join(gitDir, 'objects'), join(outside, 'objects'), { recursive: true });
      for (const place of [gitDir, outside]) rmSync(join(place, 'objects', 'pack'), { recursive: true });
      put(join(gitDir, 'objects/info/alternates'), `${join(outside, 'objects')}\n`);
    },
    ...{ finds: 'alternates-present', rungs: metadata },
  },
];
