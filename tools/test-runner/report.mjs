import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../setup/folders.mjs';

const projectFolders = ['apps', 'libs', 'libs/shared', 'examples', 'tools'];

/** Where a target of a project says how it went: an output of the target, which nx keeps and brings back with a result it kept. */
const pathOf = (project, target) => join(root, project, '.cache', `${target}.json`);

export function writeReport(project, target, report) {
  const path = pathOf(project, target);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(report));
}

/** Undefined where the target has not run to its end. */
export function readReport(project, target) {
  const path = pathOf(project, target);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

export function removeReport(project, target) {
  rmSync(pathOf(project, target), { force: true });
}

/** The folders of the projects that have a target. */
export function projectsWith(target) {
  return projectFolders
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`))
    .filter((project) => {
      const manifest = join(root, project, 'package.json');
      return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).nx?.targets?.[target] !== undefined;
    });
}
