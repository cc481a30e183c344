const columns = 80;

/** Text in lines that fit on a terminal of 80 columns, broken between words; after a first line of each an indent. */
export function wrapWords(text, indent = '') {
  return text
    .split('\n')
    .flatMap((line) => wrapLine(line, indent))
    .join('\n');
}

function wrapLine(line, indent) {
  const [lead] = /^ */.exec(line);
  const lines = [];
  let current = lead;
  for (const word of line.slice(lead.length).split(' ')) {
    const isFirst = current.trim() === '';
    if (!isFirst && current.length + 1 + word.length > columns) {
      lines.push(current);
      current = indent + word;
    } else {
      current += isFirst ? word : ` ${word}`;
    }
  }
  return [...lines, current];
}
