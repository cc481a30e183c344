import { signsOfSecrets, spellingsOf, withoutSecrets } from '@kintsugi/contracts';

/** What stands in place of a secret. */
const sign = '…';
/** Characters that are held back where a long line is cut: what looks like a secret, as a URL with a password does, may go on behind the cut. */
const patternLength = 1024;

/** Takes secrets out of texts: those that were declared, as they are and as JSON and URLs write them, and what looks like one. */
export class SecretMask {
  private secrets: string[];
  private given: readonly string[];

  constructor(secrets: readonly string[] = []) {
    this.given = [];
    this.secrets = [];
    for (const secret of secrets) this.add(secret);
  }

  /** Another mask that takes out the same, and what is declared to it later. */
  copy(): SecretMask {
    return new SecretMask(this.given);
  }

  /** Output is masked line by line, so a secret of several lines is one for each of them. */
  add(secret: string): void {
    this.given = [...this.given, secret];
    const lines = String(secret)
      .split(/\r?\n/)
      .filter((line) => line.trim() !== '');
    this.secrets = [...new Set([...this.secrets, ...lines.flatMap(spellingsOf)])].sort((a, b) => b.length - a.length);
  }

  apply(text: string): string {
    let clean = text;
    for (const secret of this.secrets) if (clean.includes(secret)) clean = clean.replaceAll(secret, sign);
    return withoutSecrets(clean);
  }

  /** Whether something in whole lines may have to be taken out. */
  mayChange(lines: Buffer): boolean {
    return signsOfSecrets.some((sign) => lines.includes(sign)) || this.secrets.some((secret) => lines.includes(secret));
  }

  /** The last place at which a text may end of which the rest is lost: what may be the beginning of a secret is lost with it. */
  safeEnd(text: string): number {
    const [word = ''] = /\S*$/.exec(text.slice(-patternLength)) ?? [];
    let begun = word.length;
    for (const secret of this.secrets) {
      for (let length = Math.min(secret.length - 1, text.length); length > begun; length -= 1) {
        if (text.endsWith(secret.slice(0, length))) begun = length;
      }
    }
    return text.length - begun;
  }

  /** The last place at which a text that goes on may be cut, so that no secret is cut in two. 0 where there is none. */
  safeCut(text: string): number {
    let cut = text.length - Math.max(patternLength, this.secrets[0]?.length ?? 0);
    for (let moved = true; moved && cut > 0;) {
      moved = false;
      for (const secret of this.secrets) {
        const at = text.indexOf(secret, Math.max(0, cut - secret.length + 1));
        if (at < 0 || at >= cut) continue;
        cut = at;
        moved = true;
      }
    }
    return Math.max(0, cut);
  }
}
