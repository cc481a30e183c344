export { monitoringFiles, mixinFolders } from './files/monitoring-files.js';
