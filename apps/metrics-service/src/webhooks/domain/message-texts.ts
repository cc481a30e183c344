import type { AlertView } from '@kintsugi/contracts';

/** A message for people. */
export interface PeopleText {
  subject: string;
  lines: string[];
}

interface Told {
  type: string;
  data: { alerts?: AlertView[]; webhook?: string };
}

/** What a message about alerts, as it is stored, says to people. A text of somebody else is one line of it, whatever is in it. */
export function peopleText(body: string): PeopleText {
  const { type, data } = JSON.parse(body) as Told;
  if (!data.alerts) {
    return { subject: 'A test of Kintsugi', lines: [`This is a test of the webhook ${oneLine(data.webhook ?? '')}.`] };
  }
  const word = type === 'kintsugi.alert.resolved.v1' ? 'Resolved' : 'Firing';
  const names = data.alerts.map(({ name, subject }) => oneLine(subject === '' ? name : `${name} (${subject})`));
  return { subject: `[${word}] ${names.join(', ')}`, lines: data.alerts.flatMap((alert) => linesOf(alert, word)) };
}

/** The text as JSON that Slack, Mattermost, Discord (at …/slack) and others take. */
export function slackBody(body: string): string {
  const { subject, lines } = peopleText(body);
  return JSON.stringify({ text: [`*${escaped(subject)}*`, ...lines.map(escaped)].join('\n') });
}

function linesOf({ name, subject, severity, summary, since, resolved_at: end, tenant }: AlertView, word: string): string[] {
  return [
    `${word}: ${oneLine(name)}${subject === '' ? '' : ` of ${oneLine(subject)}`}, severity ${oneLine(severity)}`,
    ...(summary === '' ? [] : [oneLine(summary)]),
    `Since ${since}${end === null ? '' : `, until ${end}`}${tenant === null ? '' : `, tenant ${tenant}`}`,
  ];
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

/** The three characters by which Slack tells links and mentions from text. */
function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
