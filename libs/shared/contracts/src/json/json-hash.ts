const { imul } = Math;

const tags = { null: 1, false: 2, true: 3, number: 4, string: 5, array: 6, object: 7, kept: 8 } as const;
const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);

/** The two halves of the hash that was made last. Given back in this way because a value may have tens of thousands of parts. */
let low = 0;
let high = 0;

/**
 * 64 bits that tell JSON values apart: the same whatever the order of keys, the white space, and the spelling of numbers and strings
 * were in the text. It sorts nothing and writes no text: the entries of an object are added up. It is no defence against somebody
 * who wants two values to look alike.
 */
export function jsonHash(value: unknown): string {
  hash(value);
  return low.toString(16).padStart(8, '0') + high.toString(16).padStart(8, '0');
}

function hash(value: unknown): void {
  switch (typeof value) {
    case 'string':
      return hashString(value, tags.string);
    case 'number':
      // Zero has no sign in JSON that was read and written again.
      double[0] = value + 0;
      return end(imul(halves[0] as number, 0x9e3779b1) ^ tags.number, imul(halves[1] as number, 0x5f356495), tags.number);
    case 'boolean':
      return end(0, 0, value ? tags.true : tags.false);
    case 'object':
      if (value === null) return end(0, 0, tags.null);
      return Array.isArray(value) ? hashArray(value) : hashObject(value as Record<string, unknown>);
    default:
      return end(0, 0, 0);
  }
}

function hashString(text: string, tag: number): void {
  let [one, other] = [0x9e3779b9, 0x85ebca6b];
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    one = imul(one ^ unit, 0x9e3779b1);
    one = (one << 13) | (one >>> 19);
    other = imul(other ^ unit, 0x5f356495);
    other = (other << 17) | (other >>> 15);
  }
  end(one ^ text.length, other, tag);
}

function hashArray(values: readonly unknown[]): void {
  let [one, other] = [values.length, values.length];
  for (let index = 0; index < values.length; index += 1) {
    hash(values[index]);
    one = imul(one ^ low, 0x9e3779b1);
    one = (one << 13) | (one >>> 19);
    other = imul(other ^ high, 0x5f356495);
    other = (other << 17) | (other >>> 15);
  }
  end(one, other, tags.array);
}

function hashObject(record: Record<string, unknown>): void {
  const { rawJSON } = record;
  // What parseExactly keeps of a number has no prototype, as no object that comes of JSON.
  if (typeof rawJSON === 'string' && Object.getPrototypeOf(record) === null) return hashString(rawJSON, tags.kept);
  let [one, other, count] = [0, 0, 0];
  for (const key in record) {
    hash(record[key]);
    const [valueLow, valueHigh] = [low, high];
    hashString(key, tags.string);
    end(low ^ imul(valueLow, 0x27d4eb2f), high ^ imul(valueHigh, 0x165667b1), tags.object);
    one = (one + low) | 0;
    other = (other + high) | 0;
    count += 1;
  }
  end(one ^ count, other, tags.object);
}

/** The finaliser of MurmurHash3: every bit of the input moves every bit of the result. */
function end(one: number, other: number, tag: number): void {
  low = finish(one ^ imul(other, 0x27d4eb2f) ^ tag);
  high = finish(other ^ imul(low, 0x165667b1) ^ tag);
}

function finish(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
