import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './folders.mjs';
import { completePackageLock } from './package-lock.mjs';

/** `node tools/setup/complete-package-lock.mjs`: to be run after `npm install`, where the registry can't give every platform's packages. */
const path = join(root, 'package-lock.json');
writeFileSync(path, `${JSON.stringify(completePackageLock(JSON.parse(readFileSync(path, 'utf8'))), null, 2)}\n`);
