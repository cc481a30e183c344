export { startTimeOf } from '../process-start.mjs';
export { spawnLeashed, leashFolder, releaseFolder } from './leash.js';
export { PortTakenError, describeHolder, freePort, isPortFree, whoHoldsPort, type PortHolder } from './ports.js';
export { MissingBinaryError, cacheFolder, resolveBinary, type ServerBinary, type ServerName } from './resolve-binary.js';
export { ServerProcess, ServerStartError, type ServerDefinition, type ServerExit } from './server-process.js';
export type { ServerFault } from './server-fault.js';
export { createNatsServer, natsServerSettings, type NatsServerOptions } from './nats-server.js';
export { createMongoServer, type MongoServerOptions } from './mongo-server.js';
