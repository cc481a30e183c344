import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress, zstdDecompressSync } from 'node:zlib';
import { Binary, MongoServerError, type AnyBulkWriteOperation, type Collection } from 'mongodb';
import { v4 as uuid } from 'uuid';
import type { Store } from '@kintsugi/persistence';
import { hourMs } from '../domain/failure-hours.js';
import {
  SieveBuilder,
  passing,
  recordsPerPart,
  sieveRows,
  tellingRows,
  type Sifted,
  type SievedRecord,
} from '../domain/record-sieve.js';
import type { StoredErrorRecord } from '../domain/error-record.js';
import type { HourSieves } from '../hour-sieves.js';
import { failureHoursOf, sievesByHour, type FailureHour } from './changed-hours.js';
import { errorRecordsOf } from './error-record-collection.js';

const [pack, unpack] = [promisify(zstdCompress), promisify(zstdDecompress)];
/** Fewer bytes take less than the way to another thread and back. */
const fewBytes = 50_000;
const params = { [constants.ZSTD_c_compressionLevel]: 1 };
const collection = 'failure_sieves';
const namespaceExists = 48;
/** Of fewer records a sieve has more bytes than they have. */
const recordsMin = 64;
/** The ids of more would take more room than the document of an hour has beside its columns. */
const recordsMax = 50_000;
/** By fewer it would not be known which rows hold back what is rare. */
const partsThatTell = 12;
const recordsPerBatch = 250;
const rowsPerDocument = 4;
const documentsPerPart = sieveRows / rowsPerDocument;
const idEnd = '\n';

/** Some rows of a part of the sieve of an hour. Those of one row lie side by side, hour by hour. */
interface SieveRows {
  _id: string;
  bits: Binary;
}

export interface SievedHour {
  hour: number;
  changed: string;
  /** Names what was laid down of it. */
  lay: string;
  parts: number;
}

/** Where in the sieve of an hour records may match. */
export interface PlacesOfHour {
  sieve: SievedHour;
  places: number[];
}

export interface Candidates {
  /** The places of records in each of the hours; null of an hour that is laid down anew. */
  places: (number[] | null)[];
  /** Where all rows were read that are asked for: those that were enough, and mostly are for other hours too. */
  telling: (asked: Sifted) => readonly number[];
}

const sievedFields = { _id: 0, error_record_id: '$_id', error_message: 1, stack_trace: 1, job_type: 1, labels: 1 } as const;

/** Sieves of hours in MongoDB. */
export class HourSieveStore implements HourSieves {
  private readonly records: Collection<StoredErrorRecord>;
  private readonly hours: Collection<FailureHour>;
  private readonly rows: Collection<SieveRows>;

  constructor(
    private readonly store: Store,
    private readonly fewRecords = recordsMin,
  ) {
    this.records = errorRecordsOf(store);
    this.hours = failureHoursOf(store);
    this.rows = store.collection<SieveRows>(collection);
  }

  async prepare(): Promise<void> {
    try {
      await this.store.db.createCollection(collection, { clusteredIndex: { key: { _id: 1 }, unique: true } });
    } catch (error) {
      if (!(error instanceof MongoServerError) || error.code !== namespaceExists) throw error;
    }
  }

  async lay(hour: number, changed: string, closedBy: number): Promise<void> {
    const before = await this.hours.findOne({ _id: hour }, { projection: { sieve: 1 } });
    const next: SievedHour = { hour, changed, lay: uuid().slice(0, 8), parts: 0 };
    const ids = (await this.hasKept(hour, closedBy)) ? await this.layRows(next) : null;
    const isLaid = ids !== null && (await this.note(next, ids, before?.sieve));
    // Whoever has changed the hour meanwhile, or laid it down, has it as it is.
    if (ids !== null && !isLaid) return this.forget(placesOf(next));
    if (before?.sieve && !isLaid) {
      await this.hours.updateOne({ _id: hour, sieve: before.sieve }, { $unset: { sieve: '', sieve_ids: '' } });
    }
    await this.forgetOthers(next);
  }

  async clear(): Promise<void> {
    await this.rows.deleteMany({});
  }

  /** Sieves of some hours that something is known of, latest first; null of those without one that holds. */
  async before(latest: number, earliest: number, limit: number): Promise<(SievedHour | null)[]> {
    const found = await this.hours
      .find({ _id: { $lte: latest, $gte: earliest } })
      .hint(sievesByHour)
      .sort({ _id: -1 })
      .limit(limit)
      .project<Pick<FailureHour, '_id' | 'changed' | 'sieve'>>({ _id: 1, changed: 1, sieve: 1 })
      .toArray();
    return found.map((known) => {
      const sieve = sieveOf(known);
      return sieve?.changed === known.changed ? sieve : null;
    });
  }

  /** Which records may match in each of some hours in a row, latest first. */
  async candidates(hours: readonly SievedHour[], rows: readonly number[]): Promise<Candidates> {
    const [latest, earliest] = [hours[0], hours.at(-1)];
    if (!latest || !earliest) return { places: [], telling: () => rows };
    const found = await Promise.all(rows.map((row) => this.row(row, earliest.hour, latest.hour)));
    const whole: Uint8Array[][] = [];
    const places = hours.map((sieve) => {
      const numbers: number[] = [];
      for (let part = 0; part < sieve.parts; part += 1) {
        const bits = found.flatMap((row) => row.get(placeOf(sieve, part)) ?? []);
        if (bits.length < rows.length) return null;
        for (const number of passing(bits)) numbers.push(part * recordsPerPart + number);
        whole.push(bits);
      }
      return numbers;
    });
    const telling = (asked: Sifted) => (whole.length < partsThatTell ? rows : tellingRows(asked, whole));
    return { places, telling };
  }

  /** The records at places of sieves; null where one no longer holds. */
  async idsAt(asked: readonly PlacesOfHour[]): Promise<string[] | null> {
    const found = await this.hours
      .find({ _id: { $in: asked.map(({ sieve }) => sieve.hour) } })
      .project<FailureHour>({ changed: 1, sieve: 1, sieve_ids: 1 })
      .toArray();
    const byHour = new Map(found.map((known) => [known._id, known]));
    const ids: string[] = [];
    for (const { sieve, places } of asked) {
      const known = byHour.get(sieve.hour);
      if (!known?.sieve_ids || known.changed !== sieve.changed || known.sieve !== nameOf(sieve)) return null;
      const all = (await unpacked(known.sieve_ids.value())).toString().split(idEnd);
      ids.push(...places.flatMap((place) => all[place] ?? []));
    }
    return ids;
  }

  /** The bits of one row, by hour and part. */
  private async row(row: number, earliest: number, latest: number): Promise<Map<string, Uint8Array>> {
    const [group, at] = [Math.floor(row / rowsPerDocument), row % rowsPerDocument];
    const range = { $gte: `${groupName(group)}/${hourName(earliest)}`, $lt: `${groupName(group)}/${hourName(latest + hourMs)}` };
    const found = new Map<string, Uint8Array>();
    for (const { _id, bits } of await this.rows.find({ _id: range }).toArray()) {
      const bytes = bits.value();
      const length = bytes.length / rowsPerDocument;
      found.set(_id.slice(groupName(group).length + 1), bytes.subarray(at * length, (at + 1) * length));
    }
    return found;
  }

  /** The ids of its records; null where those are too few or too many. */
  private async layRows(sieve: SievedHour): Promise<string[] | null> {
    const within = withinHour(sieve.hour);
    const count = await this.records.countDocuments({ timestamp: within }, { limit: recordsMax + 1 });
    if (count < this.fewRecords || count > recordsMax) return null;
    const found = this.records
      .find({ timestamp: within })
      .project<Omit<SievedRecord, '_id'> & { error_record_id: string }>(sievedFields);
    const ids: string[] = [];
    let builder = new SieveBuilder();
    const flush = async (): Promise<void> => {
      const part = sieve.parts;
      const documents = Array.from({ length: documentsPerPart }, (_, group) => ({
        _id: `${groupName(group)}/${placeOf(sieve, part)}`,
        bits: new Binary(builder.rows(group * rowsPerDocument, rowsPerDocument)),
      }));
      sieve.parts += 1;
      for (const id of builder.ids) ids.push(id);
      builder = new SieveBuilder();
      await this.rows.insertMany(documents);
    };
    for await (const { error_record_id: _id, ...record } of found.batchSize(recordsPerBatch)) {
      builder.add({ _id, ...record });
      if (builder.isFull) await flush();
    }
    if (builder.ids.length > 0) await flush();
    return ids;
  }

  /** @param before the sieve that it has had */
  private async note(sieve: SievedHour, ids: readonly string[], before: string | undefined): Promise<boolean> {
    const packed = await pack(Buffer.from(ids.join(idEnd)), { params });
    const noted = { sieve: nameOf(sieve), sieve_ids: new Binary(packed) };
    const asBefore = { _id: sieve.hour, changed: sieve.changed, sieve: before ?? { $exists: false } };
    const { matchedCount } = await this.hours.updateOne(asBefore, { $set: noted });
    return matchedCount > 0;
  }

  /** Whether any of its records is kept: nothing is laid down of an hour of which none is. */
  private async hasKept(hour: number, closedBy: number): Promise<boolean> {
    const closed = { closed_at: { $lte: new Date(closedBy) } };
    return (await this.records.findOne({ timestamp: withinHour(hour), $nor: [closed] }, { projection: { _id: 1 } })) !== null;
  }

  /** Whatever rows an hour has, also those of a process that ended while it laid them down. */
  private async forgetOthers({ hour, lay }: SievedHour): Promise<void> {
    const first = `${groupName(0)}/`;
    const range = { $gte: `${first}${hourName(hour)}`, $lt: `${first}${hourName(hour + hourMs)}` };
    const found = await this.rows.find({ _id: range }).project<Pick<SieveRows, '_id'>>({ _id: 1 }).toArray();
    const places = found.map(({ _id }) => _id.slice(first.length));
    await this.forget(places.filter((place) => !place.startsWith(`${hourName(hour)}/${lay}/`)));
  }

  /** In turn, those of the first rows last: by these the others are found. */
  private async forget(places: readonly string[]): Promise<void> {
    const operations = places.flatMap((place) =>
      Array.from({ length: documentsPerPart }, (_, at): AnyBulkWriteOperation<SieveRows> => {
        return { deleteOne: { filter: { _id: `${groupName(documentsPerPart - 1 - at)}/${place}` } } };
      }),
    );
    if (operations.length > 0) await this.rows.bulkWrite(operations);
  }
}

function sieveOf({ _id: hour, sieve }: Pick<FailureHour, '_id' | 'sieve'>): SievedHour | null {
  const [changed, lay, parts] = sieve?.split(' ') ?? [];
  return changed && lay ? { hour, changed, lay, parts: Number(parts) } : null;
}

function nameOf({ changed, lay, parts }: Omit<SievedHour, 'hour'>): string {
  return `${changed} ${lay} ${parts}`;
}

function placeOf({ hour, lay }: SievedHour, part: number): string {
  return `${hourName(hour)}/${lay}/${part}`;
}

function placesOf(sieve: SievedHour): string[] {
  return Array.from({ length: sieve.parts }, (_, part) => placeOf(sieve, part));
}

function withinHour(hour: number): { $gte: string; $lt: string } {
  return { $gte: new Date(hour).toISOString(), $lt: new Date(hour + hourMs).toISOString() };
}

async function unpacked(packed: Uint8Array): Promise<Buffer> {
  return packed.length > fewBytes ? unpack(packed) : zstdDecompressSync(packed);
}

/** Names of one length are in order. */
function hourName(hour: number): string {
  return String(hour / hourMs).padStart(7, '0');
}

function groupName(group: number): string {
  return String(group).padStart(3, '0');
}
