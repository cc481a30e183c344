const addressPattern = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/;
const domainPattern = /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/;

/** RFC 5321 allows 256 octets for a path, of which two are its angle brackets. */
const addressLengthMax = 254;

/** Whether the text is one plain ASCII address, without a name or brackets. */
export function isEmailAddress(text: string): boolean {
  return text.length <= addressLengthMax && addressPattern.test(text);
}

export function isDomain(text: string): boolean {
  return text.length <= 253 && domainPattern.test(text);
}
