import { guarded, noteEscaped } from '@kintsugi/boundary';
import { MongoClient, type Collection, type Db, type Document, type MongoClientOptions } from 'mongodb';
import { inTime } from './in-time.js';
import { ToldConnection } from './told-connection.js';

/** Every write of the record is acknowledged by a majority after it is in the journal. */
export const durable = { writeConcern: { w: 'majority', journal: true } } as const;

const pingMsMax = 1_000;

/** The pool of the driver looks ten times a second for connections that it may close; one that is asked for is looked at anyway. */
const poolLook = { minPoolSizeCheckFrequencyMS: 10_000 };

/** An option that the types of the driver leave out. */
const connectionType: MongoClientOptions = { connectionType: ToldConnection } as object;

export interface StoreOptions {
  /** `mongodb://…`; must lead to a replica set, of one node if need be. */
  url: string;
  database: string;
  applicationName: string;
  /** Ends the waiting for a primary. */
  signal?: AbortSignal;
}

/** One service's database. The driver reconnects by itself; what cannot be reached fails within five seconds. */
export class Store {
  private constructor(
    readonly client: MongoClient,
    readonly db: Db,
  ) {}

  /** Waits for a writable primary for as long as it takes, unless the signal ends it, and tells `onWait` why once a second. */
  static async connect(options: StoreOptions, onWait: (reason: string) => void): Promise<Store> {
    const client = new MongoClient(options.url, {
      appName: options.applicationName,
      serverSelectionTimeoutMS: 5_000,
      maxPoolSize: 20,
      retryWrites: true,
      retryReads: true,
      writeConcern: durable.writeConcern,
      readConcern: { level: 'majority' },
      ...connectionType,
    });
    Object.assign(client.options, poolLook);
    // Without a listener, an error that the driver can only tell as an event would end the process.
    client.on(
      'error',
      guarded('mongo', (error: unknown) => noteEscaped('mongo', error)),
    );
    for (;;) {
      try {
        await client.connect();
        const hello = await client.db('admin').command({ hello: 1 });
        if (hello['isWritablePrimary'] && hello['setName']) return new Store(client, client.db(options.database));
        onWait(
          hello['setName']
            ? 'MongoDB has no primary yet'
            : 'MongoDB is not a replica set: start it with --replSet and initiate it',
        );
      } catch (error) {
        onWait(`MongoDB is not reachable: ${error instanceof Error ? error.message : String(error)}`);
      }
      if (options.signal?.aborted) {
        await client.close();
        options.signal.throwIfAborted();
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  /** Another database of the same servers, over the same client. */
  beside(database: string): Store {
    return new Store(this.client, this.client.db(database));
  }

  collection<Schema extends Document>(name: string): Collection<Schema> {
    return this.db.collection<Schema>(name);
  }

  async ping(): Promise<void> {
    await inTime(pingMsMax, this.db.command({ ping: 1 }));
  }

  async close(): Promise<void> {
    await this.client.close();
  }
}
