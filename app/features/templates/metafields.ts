type RichText = { type?: string; value?: string; url?: string; listType?: string; children?: RichText[] };

function inline(nodes: RichText[] = []): string {
  return nodes
    .map((node) => {
      if (node.type !== "link") return (node.value ?? "") + inline(node.children);
      const label = inline(node.children);
      return !node.url || node.url === label ? label : `${label} (${node.url})`;
    })
    .join("");
}

function block(node: RichText): string {
  if (node.type !== "list") return inline(node.children);
  return (node.children ?? [])
    .map((item, index) => `${node.listType === "ordered" ? `${index + 1}.` : "•"} ${inline(item.children)}`)
    .join("\n");
}

/**
 * What a buyer reads of a metafield's stored value. Shopify keeps rich text, lists and measurements as JSON; a list
 * stays a list, so that a template can go through it.
 */
export function metafieldText(value: string): string | string[] {
  if (!/^\s*[[{]/.test(value)) return value;
  let data: unknown;
  try {
    data = JSON.parse(value);
  } catch {
    return value;
  }
  if (Array.isArray(data))
    return data.every((item) => typeof item === "string" || typeof item === "number")
      ? data.map(String)
      : value;
  const facts = data as Record<string, unknown>;
  if (facts.type === "root" && Array.isArray(facts.children)) {
    try {
      return (facts.children as RichText[]).map(block).filter(Boolean).join("\n\n");
    } catch {
      return value;
    }
  }
  const amount = facts.value ?? facts.amount;
  const unit = facts.unit ?? facts.currency_code;
  if ((typeof amount === "number" || typeof amount === "string") && typeof unit === "string")
    return `${amount} ${facts.unit ? unit.toLowerCase().replaceAll("_", " ") : unit}`;
  return value;
}
