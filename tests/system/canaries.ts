/** Names of the secrets of one test: each stands in a place of its own. */
export const canary = (number: number): string => `canary-${String(number).padStart(2, '0')}`;

const apiKey = `kin_cli_${'c0ffee00'.repeat(8)}`;

/** Secrets that the platform itself is started with; the command is handed the first one, and no other. */
export const environmentOfPlatform = {
  CANARY_PASSED: `${canary(1)}-passed-on`,
  CANARY_OWN: `${canary(2)}-of-the-platform`,
  OTEL_EXPORTER_OTLP_HEADERS: `authorization=${canary(3)}-of-the-collector`,
};

/** What a task hands to its command and calls secret. */
export const environmentOfTask = {
  PLAIN: `${canary(4)}-plain`,
  WARNED: `${canary(5)}-on-stderr`,
  QUOTED: `${canary(6)}-"in json"`,
  SPACED: `${canary(7)}-in a url`,
  HALVED: `${canary(8)}-cut-in-two`,
  LINES: `${canary(9)}-one\n${canary(9)}-two`,
  LONG: `${canary(10)}-in-a-line-without-end`,
  RED: `${canary(11)}-in-colour`,
  LAST: `${canary(12)}-last-words`,
  UNENDED: `${canary(13)}-without-line-feed`,
};

/** Writes each of them, as commands do, with what only looks like a secret; and fails with one in its last words. */
export const tellAll = `
env
echo "$PLAIN of $CANARY_PASSED"
echo "$WARNED" >&2
echo '{"a":"${canary(6)}-\\"in json\\""}'
echo 'GET /?q=${canary(7)}-in%20a%20url'
printf '%.12s' "$HALVED"
sleep 0.2
echo "\${HALVED#????????????}"
echo "$LINES"
head -c 40000 /dev/zero | tr '\\0' x
printf '%s' "$LONG"
head -c 40000 /dev/zero | tr '\\0' y
echo
printf '\\033[31m%s\\033[0m\\n' "$RED"
echo "https://me:${canary(14)}@host.example/"
echo "https://host.example/?token=${canary(15)}"
echo "${apiKey}"
echo "connect ECONNREFUSED $LAST" >&2
printf '%s' "$UNENDED"
exit 9
`;

/** Which secrets a text holds, or a part of one that was cut. */
export function canariesIn(text: string): string[] {
  return [...new Set(text.match(/canary-\d\d|c0ffee00c0ffee|-(?:cut-in-two|in-two|without-line-feed|in-a-line-without)/g))];
}
