import { tooDeepProblem } from '../json/parse-json.js';
import { limits } from '../limits.js';
import { ProblemError } from '../problem/problem.js';

/** What a body may hold, and where its list of tasks stands. */
export interface BodyShape {
  /** The keys that lead to the list, such as `data`, `tasks`. */
  listAt: readonly string[];
  /** What the paths in problems begin with; empty where the body's own keys begin them. */
  root: string;
  /** Bytes of all but the list. */
  restBytesMax: number;
}

const [quote, backslash, comma, space] = [0x22, 0x5c, 0x2c, 0x20] as const;
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d] as const;
/** A key that leads to the list is shorter, however it is escaped. */
const keyLengthMax = 100;

/**
 * Looks at the bytes of a JSON body while they arrive, and refuses it at the first that is too much: nesting, tasks, the bytes of one
 * task, the bytes of all the rest. It finds where each task begins and ends, so that no more than one of them, or the rest, has ever
 * to be parsed at once. It takes well-formed JSON for granted: what it cuts out is parsed later, and a fault is found then.
 */
export class BodyScan {
  /** The place of the first and the place behind the last byte of each task, one after the other; null where there is no list. */
  items: number[] | null = null;
  /** Where the inside of the list begins and ends; the end is -1 until it has come. */
  listStart = -1;
  listEnd = -1;
  private at = 0;
  private depth = 0;
  private inString = false;
  private escaped = false;
  private itemStart = -1;
  /** How many of the containers that are open lead to the list, and the key that was read last in the innermost of them. */
  private onPath = 0;
  private key = '';
  private expectsKey = false;
  private readsKey = false;

  constructor(private readonly shape: BodyShape) {}

  /** What has come so far. */
  get bytes(): number {
    return this.at;
  }

  /** Whether a list began and did not end as lists do. */
  get isCutOff(): boolean {
    return this.listStart >= 0 && this.listEnd < 0;
  }

  push(piece: Uint8Array): void {
    for (let index = 0; index < piece.length; index += 1) {
      if (this.inString) {
        index = this.skipString(piece, index);
        continue;
      }
      const byte = piece[index] as number;
      if (byte <= space) continue;
      switch (byte) {
        case quote:
          this.beginItem(index);
          this.beginString();
          break;
        case openBrace:
        case openBracket:
          this.beginItem(index);
          this.open(byte, index);
          break;
        case closeBrace:
        case closeBracket:
          this.close(byte, index);
          break;
        case comma:
          this.next(index);
          break;
        default:
          this.beginItem(index);
      }
    }
    this.at += piece.length;
    this.holdSizes();
  }

  /** Gives the place of the last byte of the string, or of the piece. */
  private skipString(piece: Uint8Array, from: number): number {
    let index = from;
    if (this.escaped) {
      this.escaped = false;
      index += 1;
    }
    for (; index < piece.length; index += 1) {
      const byte = piece[index];
      if (byte === quote) break;
      if (byte === backslash) index += 1;
    }
    // A backslash was the last byte of the piece: what it escapes comes with the next one.
    this.escaped = index > piece.length;
    this.inString = index >= piece.length;
    if (this.readsKey) this.takeKey(piece.subarray(from, index));
    return index;
  }

  private beginString(): void {
    this.inString = true;
    if (!this.expectsKey || this.depth !== this.onPath) return;
    this.expectsKey = false;
    this.readsKey = true;
    this.key = '';
  }

  /** Byte for byte, with its escapes: only what is short and plain, or is decoded, can be a key that is looked for. */
  private takeKey(bytes: Uint8Array): void {
    for (let index = 0; index < bytes.length && this.key.length < keyLengthMax; index += 1) {
      this.key += String.fromCharCode(bytes[index] as number);
    }
    if (this.inString) return;
    this.readsKey = false;
    if (this.key.includes('\\')) this.key = unescaped(this.key);
  }

  private open(byte: number, index: number): void {
    const { listAt } = this.shape;
    const leads = this.depth === this.onPath && (this.depth === 0 || this.key === listAt[this.depth - 1]);
    this.depth += 1;
    if (this.depth > limits.jsonDepth) {
      throw tooDeepProblem(this.path(), `${this.depth} levels at byte ${this.at + index}`);
    }
    if (!leads) return;
    if (byte === openBrace && this.depth <= listAt.length) {
      this.onPath = this.depth;
      this.expectsKey = true;
      this.key = '';
    } else if (byte === openBracket && this.depth === listAt.length + 1) {
      if (this.items) throw this.refusal('VALIDATION_FAILED', 'DUPLICATE', 'a second list', 'one list');
      this.items = [];
      this.listStart = this.at + index + 1;
    }
  }

  private close(byte: number, index: number): void {
    // The other bracket ends no list: it is left open, and the text is not JSON.
    if (byte === closeBracket && this.inList) {
      this.endItem(index, false);
      this.listEnd = this.at + index;
    }
    this.depth = Math.max(0, this.depth - 1);
    this.onPath = Math.min(this.onPath, this.depth);
  }

  private next(index: number): void {
    if (this.inList) this.endItem(index, true);
    else if (this.depth === this.onPath) this.expectsKey = true;
  }

  private get inList(): boolean {
    return this.isCutOff && this.depth === this.shape.listAt.length + 1;
  }

  private beginItem(index: number): void {
    if (this.itemStart < 0 && this.inList) this.itemStart = this.at + index;
  }

  /** Where there is none between two commas, an empty one is found to be no JSON. */
  private endItem(index: number, more: boolean): void {
    const { items, itemStart } = this;
    const end = this.at + index;
    if (!items || (itemStart < 0 && !more && items.length === 0)) return;
    this.holdItem(end);
    items.push(itemStart < 0 ? end : itemStart, end);
    this.itemStart = -1;
    if (items.length / 2 > limits.inlineTasks) {
      throw this.refusal('VALIDATION_FAILED', 'TOO_LONG', `more than ${limits.inlineTasks}`, `at most ${limits.inlineTasks}`);
    }
  }

  private holdSizes(): void {
    if (this.itemStart >= 0) this.holdItem(this.at);
    const inList = this.listStart < 0 ? 0 : (this.listEnd < 0 ? this.at : this.listEnd) - this.listStart;
    const rest = this.at - inList;
    const { restBytesMax: allowed } = this.shape;
    if (rest <= allowed) return;
    const got = `more than ${allowed} bytes at byte ${this.at}`;
    throw this.refusal('BODY_TOO_LARGE', 'TOO_LONG', got, `at most ${allowed} bytes beside the tasks`);
  }

  private holdItem(end: number): void {
    const bytes = this.itemStart < 0 ? 0 : end - this.itemStart;
    if (bytes <= limits.taskBytes) return;
    const path = this.path();
    throw new ProblemError('TASK_INVALID', `The task at ${path} is not valid: ${path} TOO_LONG. Nothing was accepted.`, {
      errors: [
        { path, rule: 'TOO_LONG', got: `more than ${limits.taskBytes} bytes`, allowed: `at most ${limits.taskBytes} bytes` },
      ],
    });
  }

  private refusal(code: 'VALIDATION_FAILED' | 'BODY_TOO_LARGE', rule: string, got: string, allowed: string): ProblemError {
    const path = this.path();
    return new ProblemError(code, `${path || 'The body'}: ${rule}, got ${got}, allowed: ${allowed}. Nothing was accepted.`, {
      errors: [{ path, rule, got, allowed }],
    });
  }

  /** Where the scan is, as far as keys are read. */
  private path(): string {
    const { listAt, root } = this.shape;
    const inList = this.isCutOff && this.depth > listAt.length;
    const keys = inList ? listAt : [...listAt.slice(0, Math.max(0, this.onPath - 1)), shownKey(this.key)];
    const index = inList && this.itemStart >= 0 ? `[${(this.items?.length ?? 0) / 2}]` : '';
    return [root, ...keys].filter((key) => key !== '').join('.') + index;
  }
}

function unescaped(key: string): string {
  try {
    return JSON.parse(`"${key}"`) as string;
  } catch {
    return key;
  }
}

/** The key was gathered byte for byte. */
function shownKey(key: string): string {
  return new TextDecoder().decode(Uint8Array.from(key, (unit) => unit.charCodeAt(0)));
}
