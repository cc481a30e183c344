/**
 * Gives the memory of bytes back that nobody looks at any more, if it is theirs alone. By itself it would wait for a collection, which
 * comes when tens of megabytes do.
 */
export function giveBack({ buffer, byteLength }: Uint8Array): void {
  const isOwn = byteLength > 0 && buffer.byteLength === byteLength;
  // Node 20 knows no way.
  if (isOwn && 'transfer' in buffer) buffer.transfer(0);
}
