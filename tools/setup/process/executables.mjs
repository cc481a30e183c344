import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

export function foldersOnPath({ PATH = '' }) {
  return PATH.split(delimiter).filter(Boolean);
}

/** The first program of one of the names in one of the folders; undefined where there is none. */
export function firstExecutable(folders, names) {
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
}
