const escape = '\u001b';
/** Colours and weights only: by other sequences a text could move the cursor, or speak to the terminal itself. */
const harmlessSequence = /^\u001b\[[\d;]{0,30}m/;

/** What a program wrote as it may come on a terminal: in its colours, and without power over the screen. */
export function programText(text: string): string {
  let shown = '';
  let rest = text;
  for (let at = rest.indexOf(escape); at >= 0; at = rest.indexOf(escape)) {
    shown += withoutControls(rest.slice(0, at));
    const sequence = harmlessSequence.exec(rest.slice(at, at + 40))?.[0];
    shown += sequence ?? '␛';
    rest = rest.slice(at + (sequence?.length ?? 1));
  }
  return shown + withoutControls(rest);
}

function withoutControls(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => {
    if ('\n\r\t'.includes(character)) return character;
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : '�';
  });
}
