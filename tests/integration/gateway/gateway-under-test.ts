import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pino } from 'pino';
import {
  ProblemError,
  apiKeyOf,
  operations,
  roles,
  subjects,
  type ActionName,
  type ActionRequest,
  type ActionResponse,
  type Actor,
  type ApiKeyRecord,
  type Problem,
  type Role,
} from '@kintsugi/contracts';
import { HTTP_DOOR, createService, type Service } from '@kintsugi/hosting';
import {
  Bus,
  actorOf,
  applyTopology,
  readRequest,
  replyWithProblem,
  replyWithResult,
  type Msg,
  type Subscription,
} from '@kintsugi/messaging';
import { createNatsServer, freePort, natsServerSettings, resolveBinary, type ServerProcess } from '@kintsugi/servers';
import { createTemporaryFolder, type TemporaryFolder } from '@kintsugi/testing';
import type { gatewaySettings } from '../../../apps/gateway/src/gateway.config.js';
import { GatewayModule } from '../../../apps/gateway/src/gateway.module.js';
import { gateway } from '../../../apps/gateway/src/gateway.js';
import type { GatewayDoor } from '../../../apps/gateway/src/http/gateway-door.js';
import { KEY_SOURCE } from '../../../apps/gateway/src/keys/key-directory.js';
import { buildOpenApi } from '../../../apps/gateway/src/openapi/build-openapi.js';
import { KeysInMemory, recordOfKey } from './keys-in-memory.js';

type Answer<Action extends ActionName> = (
  data: ActionRequest<Action>,
  message: Msg,
) => ActionResponse<Action> | Promise<ActionResponse<Action>>;

/** What a request looks like from outside. */
export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON. */
  body: unknown;
  problem: Problem;
}

/** A gateway on a real NATS server, with the services behind it played by the test, which notes what they are asked. */
export class GatewayUnderTest {
  readonly asked: { action: ActionName; data: unknown; requestId: string; actor: Actor }[] = [];
  readonly logged: Record<string, unknown>[] = [];
  readonly keys = {} as Record<Role, string>;
  private readonly keysInMemory = new KeysInMemory();
  private readonly answers = new Map<ActionName, Answer<ActionName>>();
  private turns = Promise.resolve();
  private readonly subscriptions = new Map<ActionName, Subscription>();

  private constructor(
    readonly nats: ServerProcess,
    readonly bus: Bus,
    readonly folder: TemporaryFolder,
    private readonly settings: Record<string, string>,
    private gateway: Service<typeof gatewaySettings> | null = null,
  ) {}

  static async start(settings: Record<string, string> = {}): Promise<GatewayUnderTest> {
    const folder = createTemporaryFolder('gateway');
    const nats = createNatsServer({
      port: await freePort(),
      binary: resolveBinary('nats-server'),
      folder: join(folder.path, 'nats'),
      payloadBytesMax: Math.max(natsServerSettings.max_payload, Number(settings['BODY_LIMIT_BYTES'] ?? 0)),
    });
    await nats.start();
    const bus = await Bus.connect({ servers: nats.url, name: 'test' });
    await applyTopology(bus);
    const under = new GatewayUnderTest(nats, bus, folder, settings);
    under.writeKeys();
    try {
      await under.open();
    } catch (error) {
      await under.stop();
      throw error;
    }
    return under;
  }

  get url(): string {
    return this.opened.url;
  }

  get ops(): string {
    return this.opened.opsAddress as string;
  }

  get routes(): GatewayDoor['routes'] {
    return this.opened.get<GatewayDoor>(HTTP_DOOR).routes;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  async open(others: Record<string, string> = {}): Promise<void> {
    const environment = {
      NATS_URL: this.nats.url,
      API_PORT: '0',
      OPS_PORT: '0',
      INSTANCE_ID: 'under-test',
      AUTH: 'on',
      ...this.settings,
      ...others,
    };
    const log = { write: (line: string) => void this.logged.push(JSON.parse(line) as Record<string, unknown>) };
    const useValue = environment.AUTH === 'on' ? this.keysInMemory : null;
    const module = GatewayModule.with({ provide: KEY_SOURCE, useValue });
    const definition = { ...gateway, needsDatabase: () => false, module };
    this.gateway = await createService(definition, { environment, logger: pino({ level: 'info' }, log) }).start();
  }

  private get opened(): Service<typeof gatewaySettings> {
    if (!this.gateway) throw new Error('The gateway is closed.');
    return this.gateway;
  }

  async close(): Promise<void> {
    await this.gateway?.close();
    this.gateway = null;
  }

  async stop(): Promise<void> {
    await this.close();
    await this.bus.close();
    await this.nats.stop();
    await this.folder.remove();
  }

  /** Answers an action as its service would, from now on. What is asked is noted first, and held to the action's contract. */
  answer<Action extends ActionName>(action: Action, answer: Answer<Action>): void {
    const answered = this.answers.has(action);
    this.answers.set(action, answer);
    if (answered) return;
    const subject = subjects.request(operations[action].service, action);
    this.bus.subscribe(subjects.presence(subject), (message) => message.respond('test'));
    const subscription = this.bus.subscribe(subject, (message) => {
      const requestId = message.headers?.get('Kin-Request-Id') ?? '';
      // One a turn of the loop: a test that took in many large ones in a row would lose its connection.
      this.turns = this.turns.then(() => new Promise<void>((resolve) => setImmediate(resolve)));
      void this.turns
        .then(async () => {
          const data = operations[action].request.parse(readRequest(message)) as ActionRequest<ActionName>;
          this.asked.push({ action, data, requestId, actor: actorOf(message) });
          replyWithResult(message, await this.answers.get(action)?.(data, message));
        })
        .catch((error: unknown) =>
          replyWithProblem(
            message,
            error,
            () => undefined,
            () => false,
          ),
        );
    });
    this.subscriptions.set(action, subscription);
  }

  /** The NATS server knows who answers what. */
  async settled(): Promise<void> {
    if (this.bus.state === 'up') await this.bus.connection.flush();
  }

  /** Nobody answers the action any more. */
  async away(action: ActionName): Promise<void> {
    this.answers.delete(action);
    this.subscriptions.get(action)?.unsubscribe();
    await this.settled();
  }

  askedOf<Action extends ActionName>(action: Action): ActionRequest<Action>[] {
    return this.asked.filter((asked) => asked.action === action).map(({ data }) => data as ActionRequest<Action>);
  }

  async fetch(path: string, init: RequestInit & { key?: string | null } = {}): Promise<Reply> {
    const { key = this.keys.admin, headers, ...rest } = init;
    await this.settled();
    const response = await fetch(this.url + path, {
      ...rest,
      headers: { ...(key ? { authorization: `Bearer ${key}` } : {}), ...(headers as Record<string, string>) },
    });
    refuseUntold(rest.method ?? 'GET', path, response.status);
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    const body: unknown = isJson && text !== '' ? JSON.parse(text) : undefined;
    return { status: response.status, headers: response.headers, text, body, problem: body as Problem };
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    const text = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
    return this.fetch(path, {
      method: 'POST',
      body: text as string,
      headers: { 'content-type': 'application/json', ...headers },
    });
  }

  upload(lines: string | Uint8Array, headers: Record<string, string> = {}): Promise<Reply> {
    return this.post('/job-operations', lines, { 'content-type': 'application/x-ndjson', ...headers });
  }

  /** Writes one key of each role but those left out, and others if need be. */
  writeKeys(others: ApiKeyRecord[] = [], leftOut: readonly Role[] = []): void {
    const records = roles
      .filter((role) => !leftOut.includes(role))
      .map((role): ApiKeyRecord => {
        this.keys[role] ??= apiKeyOf(`test-${role}`, randomBytes(20).toString('hex'));
        return recordOfKey(this.keys[role], `test-${role}`, role);
      });
    this.keysInMemory.write([...records, ...others]);
  }
}

const document = buildOpenApi();

/** Whatever a route answers to any test, the description of the API has to tell. */
function refuseUntold(method: string, path: string, status: number): void {
  const given = path.split('?')[0] ?? '';
  const route = Object.keys(document.paths).find((template) =>
    new RegExp(`^${template.replace(/\{\w+\}/, '[^/]+')}$`).test(given),
  );
  const operation = route && document.paths[route]?.[method === 'HEAD' ? 'get' : method.toLowerCase()];
  if (!operation || status in (operation['responses'] as object)) return;
  throw new Error(`${method} ${route} has answered ${status}, which the description of the API does not tell.`);
}

export const jobId = 'job_01890a5d-ac96-774b-bcce-b302099a8057';

export const minimalJob = { product_id: 'p', sending_group_id: 'g' };

export function notFound(): never {
  throw new ProblemError('JOB_NOT_FOUND', 'There is no such job.');
}
