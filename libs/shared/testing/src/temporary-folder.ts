import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leashFolder, releaseFolder } from '@kintsugi/servers';

export interface TemporaryFolder {
  path: string;
  remove(): Promise<void>;
}

/** A new empty folder that is gone after the test, also when the test is killed. */
export function createTemporaryFolder(purpose = 'test'): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), `kintsugi-${purpose}-`));
  leashFolder(path);
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
      releaseFolder(path);
    },
  };
}
