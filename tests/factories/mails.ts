import type { MessageContext, RenderEnvelope } from "#app/features/templates/templates.ts";
import { exampleContext } from "#app/features/templates/variables.ts";

type Parts = {
  locale?: string;
  subject?: string;
  body?: string;
  context?: (context: MessageContext) => void;
  envelope?: Partial<RenderEnvelope>;
};

/** An envelope of one section about an invented order; `context` changes what the template sees. */
export function envelopeWith({
  locale = "en",
  subject = "About your {{ line.title }}",
  body = "Hello",
  context,
  envelope,
}: Parts): RenderEnvelope {
  const values = exampleContext();
  context?.(values);
  return {
    locale,
    sections: [{ content: { subject, body }, context: values }],
    shopName: "Hearth & Co.",
    orderName: "#1042",
    brand: { logoUrl: "", color: "#1f5f4a" },
    footer: {
      legalName: "Hearth & Co. GmbH",
      address: "Lindenstraße 4\n10969 Berlin",
      contact: "hello@shop.example",
    },
    ...envelope,
  };
}
