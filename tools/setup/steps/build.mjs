import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { notesFolder, repositoryLock, root } from '../folders.mjs';
import { nxEnvironment } from '../nx-environment.mjs';
import { runProgram } from '../process/run-program.mjs';

const sourceFolders = ['apps', 'libs', 'examples', 'tools'];
const sourceFiles = ['package-lock.json', 'nx.json', '.swcrc', 'tsconfig.base.json'];
const neverSources = new Set(['node_modules', 'dist', 'coverage']);

/** Every project's `dist` folder. nx rebuilds what changed; a fingerprint of the sources' times and sizes saves asking it. */
export function buildStep({ environment }) {
  const note = join(notesFolder, 'build');
  return {
    name: 'build',
    activity: 'nx run-many -t build',
    lock: repositoryLock,
    advice: 'Mend the sources named above, or, where none are at fault, delete node_modules and run the command again.',
    async check() {
      if (!existsSync(note)) return undefined;
      const { fingerprint, projects } = survey();
      const isBuilt =
        readFileSync(note, 'utf8') === fingerprint && projects.every((project) => existsSync(join(project, 'dist')));
      return isBuilt ? { summary: `${projects.length} projects` } : undefined;
    },
    async perform({ holding }) {
      // Taken before the build, so that what changes while it runs is built the next time.
      const { fingerprint } = survey();
      const nx = join(root, 'node_modules', '.bin', 'nx');
      const env = { ...environment, ...nxEnvironment, NO_COLOR: '1', CI: 'true' };
      await runProgram(nx, ['run-many', '-t', 'build', '--output-style=static'], { cwd: root, env, holding });
      mkdirSync(notesFolder, { recursive: true });
      writeFileSync(note, fingerprint);
    },
  };
}

/** The sources' fingerprint, and the projects that are built. */
function survey() {
  const files = sourceFiles.map((name) => join(root, name)).filter((path) => existsSync(path));
  for (const folder of sourceFolders) collect(join(root, folder), files);
  const hash = createHash('sha256');
  for (const path of files.sort()) {
    const { mtimeMs, size } = statSync(path);
    hash.update(`${path}\0${mtimeMs}\0${size}\n`);
  }
  const projects = files
    .filter((path) => /\/(package|project)\.json$/.test(path) && declaresBuild(path))
    .map((path) => dirname(path))
    .filter((project) => files.some((path) => path.startsWith(join(project, 'src', '/')) && /\.(tsx?|mjs)$/.test(path)));
  return { fingerprint: hash.digest('hex'), projects };
}

function collect(folder, files) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !neverSources.has(entry.name)) collect(path, files);
    else if (entry.isFile() && !/\.spec\.tsx?$/.test(entry.name)) files.push(path);
  }
}

/** Of a package, or of what is a project of the build alone. */
function declaresBuild(file) {
  const { nx, targets = nx?.targets } = JSON.parse(readFileSync(file, 'utf8'));
  return targets?.build !== undefined;
}
