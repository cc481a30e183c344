export interface Field {
  number: number;
  value: bigint | Buffer;
}

const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** The fields of a message of protobuf, as they stand on the wire. */
export function fieldsOf(bytes: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let [value, shift] = [0n, 0n];
    for (;;) {
      const byte = bytes.readUInt8(at);
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
      shift += 7n;
    }
  };
  const take = (length: number): Buffer => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const number = tag >> 3;
    const kind = tag & 7;
    if (kind === wire.varint) fields.push({ number, value: varint() });
    else if (kind === wire.fixed64) fields.push({ number, value: take(8).readBigUInt64LE() });
    else if (kind === wire.fixed32) fields.push({ number, value: BigInt(take(4).readUInt32LE()) });
    else if (kind === wire.bytes) fields.push({ number, value: take(Number(varint())) });
    else throw new Error(`No field of protobuf is of kind ${kind}.`);
  }
  return fields;
}

export function textOf(value: Buffer): string {
  return value.toString('utf8');
}
