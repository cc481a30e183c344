import { join } from 'node:path';
import {
  MissingBinaryError,
  PortTakenError,
  createMongoServer,
  createNatsServer,
  freePort,
  resolveBinary,
  type NatsServerOptions,
  type ServerName,
  type ServerProcess,
} from '@kintsugi/servers';
import { createTemporaryFolder } from './temporary-folder.js';

/** A server of a test. One that the environment gave can be used, but not killed or stopped. */
export interface TestServer {
  readonly url: string;
  readonly pid: number | undefined;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** Again on the same port and data, after `kill` or `stop`. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface TestServers {
  natsUrl: string;
  mongoUrl: string;
  nats: TestServer;
  mongo: TestServer;
  /** A folder that is removed with the servers. */
  folder: string;
  stop(): Promise<void>;
}

const attemptsMax = 3;

/**
 * Starts a NATS server with JetStream and a MongoDB replica set for one test, each on a port and in a folder of its own.
 * They end with the test process, however it ends. TEST_NATS_URL and TEST_MONGO_URL name servers to use instead, where a test
 * asks for none of a kind of its own.
 */
export async function startTestServers(options: Pick<NatsServerOptions, 'payloadBytesMax'> = {}): Promise<TestServers> {
  const folder = createTemporaryFolder();
  const natsUrl = options.payloadBytesMax === undefined ? process.env['TEST_NATS_URL'] : undefined;
  const nats = serverOf('TEST_NATS_URL', natsUrl, 'nats-server', (port, binary) =>
    createNatsServer({ ...options, port, binary, folder: join(folder.path, 'nats') }),
  );
  const mongo = serverOf('TEST_MONGO_URL', process.env['TEST_MONGO_URL'], 'mongod', (port, binary) =>
    createMongoServer({ port, binary, folder: join(folder.path, 'mongo') }),
  );
  const started = await Promise.allSettled([nats, mongo]);
  const stop = async (): Promise<void> => {
    await Promise.all(started.map(async (server) => (server.status === 'fulfilled' ? server.value.end() : undefined)));
    await folder.remove();
  };
  const [natsResult, mongoResult] = started;
  if (natsResult.status === 'rejected' || mongoResult.status === 'rejected') {
    await stop();
    throw natsResult.status === 'rejected' ? natsResult.reason : (mongoResult as PromiseRejectedResult).reason;
  }
  const [natsServer, mongoServer] = [natsResult.value.server, mongoResult.value.server];
  return { natsUrl: natsServer.url, mongoUrl: mongoServer.url, nats: natsServer, mongo: mongoServer, folder: folder.path, stop };
}

interface StartedServer {
  server: TestServer;
  /** Ends it if it is ours. */
  end(): Promise<void>;
}

type Create = (port: number, binary: ReturnType<typeof resolveBinary>) => ServerProcess;

async function serverOf(variable: string, url: string | undefined, name: ServerName, create: Create): Promise<StartedServer> {
  if (url) return { server: givenServer(variable, url), end: async () => undefined };
  const server = await startOnFreePort(name, create);
  return { server, end: () => server.kill() };
}

async function startOnFreePort(name: ServerName, create: Create): Promise<ServerProcess> {
  const binary = binaryForTests(name);
  for (let attempt = 1; ; attempt += 1) {
    const server = create(await freePort(), binary);
    try {
      await server.start();
      return server;
    } catch (error) {
      // Another test took the port between our look and our start.
      if (!(error instanceof PortTakenError) || attempt === attemptsMax) throw error;
    }
  }
}

function binaryForTests(name: ServerName): ReturnType<typeof resolveBinary> {
  try {
    return resolveBinary(name);
  } catch (error) {
    if (!(error instanceof MissingBinaryError)) throw error;
    throw new Error(`No ${name} was found for the tests. Run ./kintsugi test, which fetches it and runs them.`, { cause: error });
  }
}

function givenServer(variable: string, url: string): TestServer {
  const refuse = (): Promise<never> => Promise.reject(new Error(`A server given by ${variable} is not ours to stop or start.`));
  return { url, pid: undefined, kill: refuse, start: refuse, stop: refuse };
}
