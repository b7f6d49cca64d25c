/** Legible text on a fill: WCAG 2.2 relative luminance and contrast ratio. */
const dark = '#1b2529'
const light = '#ffffff'

function channels(colour: string): [number, number, number] | null {
  const found = /^#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour.trim())
  return found ? [Number.parseInt(found[1]!, 16), Number.parseInt(found[2]!, 16), Number.parseInt(found[3]!, 16)] : null
}

function luminance(colour: string): number | null {
  const rgb = channels(colour)
  if (!rgb) return null
  const [r, g, b] = rgb.map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4)) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** From 1 (the same) to 21 (black on white); null when one is no `#rrggbb`. */
export function contrast(a: string, b: string): number | null {
  const [first, second] = [luminance(a), luminance(b)]
  if (first === null || second === null) return null
  return (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05)
}

/** Dark or light text, whichever is read better on the fill. Yellow gets dark. */
export function inkOn(fill: string): string {
  const onDark = contrast(fill, dark)
  return onDark !== null && onDark < contrast(fill, light)! ? light : dark
}
