/**
 * What a command is known by: the same also where its sender publishes it once more, or somebody has its dead letter replayed.
 * @param place where it stands in its stream
 */
export function messageKeyOf(messageId: string | null, place: string): string {
  return messageId ?? place;
}
