import { join } from 'node:path';
import { root } from './folders.mjs';

/** nx without its background process, its drawing, and its folders in the user's home. */
export const nxEnvironment = {
  NX_DAEMON: 'false',
  NX_TUI: 'false',
  NX_NO_CLOUD: 'true',
  NX_CACHE_DIRECTORY: join(root, '.nx', 'cache'),
  NX_WORKSPACE_DATA_DIRECTORY: join(root, '.nx', 'workspace-data'),
  NX_SKIP_NATIVE_FILE_CACHE: 'true',
};
