/** Lines of a block, which stand at the beginning of memory that both threads share. */
export interface PackOrder {
  shared: SharedArrayBuffer;
  bytes: number;
  /** How many they are unpacked, where they are packed already: they are only held against that, and their sieve is made. */
  unpacked: number | null;
}

export interface PackedBlock {
  /** By zstd; null where they were packed already. */
  lines: Uint8Array<ArrayBuffer> | null;
  /** None where there are too few lines for one. */
  sieve: Uint8Array<ArrayBuffer> | null;
}

export type PackReport = PackedBlock | { unreadable: true };
