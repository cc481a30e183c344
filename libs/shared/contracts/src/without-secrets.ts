/** So that no text, however odd, takes long to look through. */
const lengthMax = 300;
const outsideOfText = String.raw`\s"'<>\\`;

/** User and password of a URL, also where somebody forgot to encode what is in them, or JSON escapes its slashes; a port is none of it. */
const userInfo = new RegExp(
  `(:(?:\\\\?/){2})(?:[^${outsideOfText}/?#]{0,${lengthMax}}|[^${outsideOfText}/:]{0,${lengthMax}}:(?!\\d+[/?#])[^${outsideOfText}]{0,${lengthMax}})@`,
  'g',
);
const secretParameter = new RegExp(
  `([?&][\\w-]*(?:password|token|secret|key|authMechanismProperties)=)[^&${outsideOfText}]+`,
  'gi',
);
const apiKey = /(kin_[a-z0-9-]+_)[0-9a-f]{32,128}/g;

/** In each of what looks like a secret is one of them. To look for them takes a hundredth of what the patterns do, and most texts have none. */
export const signsOfSecrets = ['@', '?', '&', 'kin_'] as const;

/** A text as it may be shown or logged: URLs in it without user, password and token, API keys without their secret. */
export function withoutSecrets(text: string): string {
  if (!signsOfSecrets.some((sign) => text.includes(sign))) return text;
  return text.replace(userInfo, '$1…@').replace(secretParameter, '$1…').replace(apiKey, '$1…');
}

/** A secret as it is, and as JSON and URLs write it. */
export function spellingsOf(secret: string): string[] {
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret.toWellFormed())];
}
