/** A page of the reference: what it is called, what it says first and what it is made from. */
export interface Page {
  title: string;
  intro: string;
  body: string[];
}

export function pageText({ title, intro, body }: Page): string {
  const origin =
    '<!-- Written by tools/generate-docs. Do not edit: change the source and run `node tools/generate-docs/dist/main.js`. -->';
  return `${[origin, `# ${title}`, intro, ...body].join('\n\n')}\n`;
}

export function table(headings: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(headings), `|${headings.map(() => ' --- |').join('')}`, ...rows.map(line)].join('\n');
}

/** Text in one line of a table, where angle brackets outside of code are not taken for HTML. */
function cell(text: string): string {
  const escaped = text.replace(/`[^`]*`|</g, (piece) => (piece === '<' ? '&lt;' : piece));
  return escaped.replace(/\s*\n\s*/g, ' ').replaceAll('|', '\\|');
}

export function code(text: string): string {
  return `\`${text}\``;
}

/** Names as a list that reads as text. */
export function codes(names: readonly string[]): string {
  return names.map(code).join(', ');
}
