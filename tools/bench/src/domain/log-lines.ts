const statuses = [200, 200, 200, 201, 204, 304, 404, 500];
const paths = ['/orders', '/orders/items', '/customers', '/prices', '/stock/levels', '/invoices'];

/** A line as services write them: half of it repeats, half does not. The same for a number in every run, without a line feed. */
export function logLine(n: number): string {
  const one = mixed(n + 1);
  const other = mixed(one ^ n);
  const request = one.toString(16).padStart(8, '0') + other.toString(16).padStart(8, '0');
  const path = `${paths[one % paths.length]}/${other % 1_000_000}`;
  return `INFO request=${request} method=GET path=${path} status=${statuses[other % 8]} took_ms=${one % 1_000} bytes=${other % 65_536}`;
}

/** Lines of so many bytes or a little more, each with its line feed. */
export function logLines(bytes: number, first = 0): string {
  const lines: string[] = [];
  for (let [n, length] = [first, 0]; length < bytes; n += 1) {
    const line = `${logLine(n)}\n`;
    length += line.length;
    lines.push(line);
  }
  return lines.join('');
}

/** Numbers without a pattern that a compressor would find, the same in every run. */
export function mixed(n: number): number {
  let value = Math.imul(n, 0x9e3779b1);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
