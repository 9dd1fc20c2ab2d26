import { z } from "zod";

export const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() });

export type Page<Node> = { nodes: Node[]; pageInfo: z.infer<typeof pageInfo> };

/**
 * The nodes of every page of a connection.
 * @param read answers the page after a cursor; null ends it
 * @param first a page that is there already
 */
export async function everyPage<Node>(
  read: (after: string | null) => Promise<Page<Node> | null>,
  first?: Page<Node>,
): Promise<Node[]> {
  let page = first ?? (await read(null));
  const nodes = [...(page?.nodes ?? [])];
  while (page?.pageInfo.hasNextPage) {
    page = await read(page.pageInfo.endCursor);
    nodes.push(...(page?.nodes ?? []));
  }
  return nodes;
}
