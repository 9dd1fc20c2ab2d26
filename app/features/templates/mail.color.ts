type Rgb = [number, number, number];

const parse = (color: string): Rgb => {
  const hex = /^#[0-9a-f]{6}$/i.test(color) ? color.slice(1) : "1f5f4a";
  return [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16)) as Rgb;
};
const print = (rgb: Rgb): string =>
  `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;

/** WCAG 2.2: relative luminance. */
function luminance(color: string): number {
  const [red, green, blue] = parse(color).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast of two #rrggbb colours, 1 to 21. */
export function contrast(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** The colour itself where it can be read on the background (4.5 : 1), else its nearest tint or shade that can. */
export function readable(color: string, background: string): string {
  const target: Rgb = luminance(background) > 0.18 ? [0, 0, 0] : [255, 255, 255];
  const start = parse(color);
  for (let step = 0; step <= 20; step++) {
    const mixed = print(
      start.map((part, index) => part + ((target[index] as number) - part) * (step / 20)) as Rgb,
    );
    if (contrast(mixed, background) >= 4.5) return mixed;
  }
  return print(target);
}

/** White where it can be read on the colour, else black. */
export const inkOn = (color: string): string => (contrast(color, "#ffffff") >= 4.5 ? "#ffffff" : "#000000");
