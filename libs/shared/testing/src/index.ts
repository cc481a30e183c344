export { eventually, type EventuallyOptions } from './eventually.js';
export { HttpReceiver, type ReceivedRequest } from './http-receiver.js';
export { isRunning } from './is-running.js';
export { createTemporaryFolder, type TemporaryFolder } from './temporary-folder.js';
export { startTestServers, type TestServer, type TestServers } from './test-servers.js';
export { OtlpReceiver, type ReceivedSpan } from './otlp-receiver.js';
