/** Someone on a sending group's list. */
export interface Recipient {
  id: string;
  email: string;
  name: string;
  language: string;
}

/** What smtp.send is told of one recipient. */
export interface MessageOrder {
  to: string;
  name: string;
  language: string;
}

/** The task that sends the newsletter to one recipient. */
export function taskOfRecipient(recipient: Recipient): { id: string; payload: MessageOrder } {
  return { id: recipient.id, payload: { to: recipient.email, name: recipient.name, language: recipient.language } };
}
