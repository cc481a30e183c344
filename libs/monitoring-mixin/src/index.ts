export { monitoringFiles, mixinFolders, serverFiles } from './files/monitoring-files.js';
export { usualOptions } from './mixin-options.js';
