/** What a text in the output of a failed command says of the reason. */
export interface OutputRule {
  /** Looked for whatever the case of its letters; # stands for a digit. */
  text: string;
  /** What the failure is called then; each # is the digit that was found. */
  error_type: string;
}

const say = (error_type: string, ...texts: string[]): OutputRule[] => texts.map((text) => ({ text, error_type }));

/** What programs say of the network, as curl, wget, git, ssh, Node.js, Python, Java and Go put it. The first that is found counts. */
export const outputRules: readonly OutputRule[] = [
  ...say('net.dns', 'could not resolve', 'name or service not known', 'temporary failure in name resolution', 'getaddrinfo'),
  ...say(
    'net.dns',
    'enotfound',
    'eai_again',
    'no such host',
    'unknownhostexception',
    'nodename nor servname',
    'unable to resolve host',
  ),
  ...say('net.refused', 'connection refused', 'econnrefused', "couldn't connect to server"),
  ...say('net.reset', 'connection reset', 'econnreset', 'broken pipe', 'connection closed by remote', 'remote end hung up'),
  ...say('net.reset', 'empty reply from server', 'connection aborted', 'socket hang up', 'unexpected eof while reading'),
  ...say('net.unreachable', 'network is unreachable', 'no route to host', 'enetunreach', 'ehostunreach'),
  ...say('net.tls', 'ssl certificate problem', 'certificate verify failed', 'ssl handshake', 'tls handshake', 'sslerror'),
  ...say('net.tls', 'ssl_error', 'ssl_connect', 'x509: certificate', 'cert_has_expired', 'unable to get local issuer'),
  ...say('http.429', 'too many requests', 'returned error: 429', 'http error 429', 'http/#.# 429', 'http/# 429'),
  ...say('http.429', 'status code 429', 'status code: 429', 'status: 429', 'status 429'),
  ...say('http.5##', 'returned error: 5##', 'http error 5##', 'http/#.# 5##', 'http/# 5##', 'error 5##:'),
  ...say('http.5##', 'status code 5##', 'status code: 5##', 'status: 5##', 'status 5##'),
  ...say('http.502', 'bad gateway'),
  ...say('http.503', 'service unavailable', 'service temporarily unavailable'),
  ...say('http.504', 'gateway timeout', 'gateway time-out'),
  ...say(
    'net.timeout',
    'connection timed out',
    'operation timed out',
    'timed out',
    'etimedout',
    'i/o timeout',
    'timeoutexception',
  ),
  ...say('net.timeout', 'read timeout', 'connect timeout', 'deadline exceeded'),
];

/** What the output says went wrong on the network; null where it says nothing of the kind. */
export function errorTypeInOutput(output: string, rules: readonly OutputRule[]): string | null {
  for (const { text, error_type } of rules) {
    const found = expressionOf(text).exec(output);
    if (!found) continue;
    const digits = found.slice(1);
    // Of a text with more digits than the type has, as of a version of HTTP, the last ones count.
    const wanted = digits.slice(digits.length - (error_type.match(/#/g) ?? []).length);
    return error_type.replace(/#/g, () => wanted.shift() ?? '0');
  }
  return null;
}

/** Made of literals and digits only, so that no output takes long to look through. */
function expressionOf(text: string): RegExp {
  const literal = text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  return new RegExp(literal.replace(/#/g, String.raw`(\d)`), 'i');
}
