import { rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fetchDebianPackages } from '../fetch/debian-packages.mjs';
import { ProgramError, runProgram } from '../process/run-program.mjs';
import { SetupError } from '../setup-error.mjs';
import { debianPackageOf, missingLibraries } from '../shared-libraries.mjs';

const roundsMax = 6;

/**
 * Sees to it that a program finds its shared libraries: those that the system lacks are taken from Debian's packages
 * and put beside the program, without root. Returns the folders to look in, none where nothing is missing.
 */
export async function provideLibraries(server, program, { cache, holding, show }) {
  const folder = `${program}-libraries`;
  let libraryPaths = [];
  let missing = await findMissing(program, libraryPaths);
  if (missing.length === 0) return libraryPaths;
  rmSync(folder, { recursive: true, force: true });
  for (let round = 1; missing.length > 0; round += 1) {
    const packages = [...new Set(missing.map(debianPackageOf))];
    if (round > roundsMax) throw lacking(server, missing, packages, 'they are still missing after they were fetched');
    show(`fetching libraries it needs: ${packages.join(' ')}`);
    try {
      // A package can be listed as installed and its files be gone: from the second round on it is fetched all the same.
      const options = { workFolder: join(cache, 'apt'), reinstall: round > 1, holding };
      ({ libraryPaths } = await fetchDebianPackages(packages, folder, options));
    } catch (error) {
      throw lacking(server, missing, packages, error instanceof ProgramError ? error.describe(4) : error.message);
    }
    missing = await findMissing(program, libraryPaths);
  }
  return libraryPaths;
}

/** The libraries that a program would not find here. Where there is no `ldd` the program's own start tells. */
export async function findMissing(program, libraryPaths) {
  if (process.platform !== 'linux') return [];
  const env = { ...process.env, LC_ALL: 'C', LD_LIBRARY_PATH: libraryPaths.join(delimiter) };
  try {
    return missingLibraries(await runProgram('ldd', [program], { env }));
  } catch (error) {
    if (error instanceof ProgramError) return missingLibraries(error.output);
    throw error;
  }
}

function lacking(server, libraries, packages, reason) {
  const message = `it needs libraries that this machine lacks (${libraries.join(', ')}), and they can't be fetched: ${reason}`;
  return new SetupError(
    server,
    message,
    `Install them as root: apt-get install ${packages.join(' ')}. Then run the command again.`,
  );
}
