/** Whom a stored webhook is about, as far as its body says. */
export type WebhookSubject = {
  /** The order it is about, by the platform's id. */
  orderId: string | null;
  customerId: string | null;
  /** The message of ours it is about. */
  messageId: string | null;
  emails: string[];
};

export const nobodys: WebhookSubject = { orderId: null, customerId: null, messageId: null, emails: [] };
