// Product pictures, drawn: no fonts, no files. Each drawing is 24 units wide and uses the current colour.
import { html, Html } from "#tests/sandbox/html.ts";
import type { Product } from "#tests/sandbox/shopify/types.ts";

const DRAWINGS = {
  battery:
    '<rect x="3" y="8" width="16" height="9" rx="2"/><path d="M19 11h2v3h-2M11 9.500l-2 3.500h3l-2 3"/>',
  bottle: '<path d="M10 3h4v4l2 3v10a1 1 0 0 1-1 1H9a1 1 0 0 1-1-1V10l2-3zM8 14h8"/>',
  flower:
    '<circle cx="12" cy="9" r="2"/><path d="M12 7c-2-5 2-5 0 0M14 9c5-2 5 2 0 0M12 11c2 5-2 5 0 0M10 9c-5 2-5-2 0 0M12 13v8M12 18c3-3 5-2 5-2"/>',
  can: '<ellipse cx="12" cy="6" rx="6" ry="2"/><path d="M6 6v12c0 1 3 2 6 2s6-1 6-2V6M8 4c0-2 8-2 8 0"/>',
  flame: '<path d="M12 3c4 5 5 7 5 11a5 5 0 0 1-10 0c0-2 1-3 2-4 0 2 1 2 2 2 0-3 0-6 1-9z"/>',
  pot: '<path d="M4 9h16v7a3 3 0 0 1-3 3H7a3 3 0 0 1-3-3zM3 12h1M20 12h1M9 9c0-3 6-3 6 0"/>',
  shirt: '<path d="M8 4 3 7l2 4 2-1v10h10V10l2 1 2-4-5-3c-1 3-7 3-8 0z"/>',
  signal: '<circle cx="12" cy="14" r="2"/><path d="M8 10a6 6 0 0 1 8 0M5 7a10 10 0 0 1 14 0M12 16v5"/>',
  cup: '<path d="M5 8h11v7a4 4 0 0 1-4 4H9a4 4 0 0 1-4-4zM16 10h2a2 2 0 0 1 0 5h-2M8 3v2M12 3v2"/>',
  jar: '<path d="M8 3h8v3H8zM7 8c0-1 1-2 2-2h6c1 0 2 1 2 2v11a2 2 0 0 1-2 2H9a2 2 0 0 1-2-2zM7 13h10"/>',
  tent: '<path d="M12 5 3 19h18zM12 5v0M12 12l-4 7M12 12l4 7"/>',
  gift: '<path d="M4 9h16v4H4zM5 13v7h14v-7M12 9v11M12 9C7 9 7 4 9 4s3 3 3 5c0-2 1-5 3-5s2 5-3 5z"/>',
  hexagon: '<path d="m12 3 8 4.500v9L12 21l-8-4.500v-9zM12 9l3 1.500v3L12 15l-3-1.500v-3z"/>',
  leaf: '<path d="M5 19C5 9 11 5 20 4c0 10-5 14-12 13M5 20c2-5 5-8 9-10"/>',
  vase: '<path d="M9 3h6l-1 4c3 2 4 4 4 7s-2 7-3 7H9c-1 0-3-4-3-7s1-5 4-7z"/>',
  drop: '<path d="M12 3c4 5 6 8 6 11a6 6 0 0 1-12 0c0-3 2-6 6-11z"/>',
  box: '<path d="m12 3 8 4v10l-8 4-8-4V7zM4 7l8 4 8-4M12 11v10"/>',
} as const;

export type Drawing = keyof typeof DRAWINGS;

/** The product's picture as SVG. */
export function picture({ title, image }: Product): string {
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    width="600"
    height="600"
    viewBox="0 0 600 600"
    role="img"
    aria-label="${title}"
  >
    <rect width="600" height="600" fill="${image.colour}" />
    <g
      transform="translate(156 156) scale(12)"
      fill="#ffffff"
      fill-opacity="0.7"
      stroke="#2f3a33"
      stroke-width="1"
      stroke-linejoin="round"
      stroke-linecap="round"
    >
      ${new Html(DRAWINGS[image.drawing])}
    </g>
  </svg>`.text;
}
