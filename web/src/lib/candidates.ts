/** Candidate sites as a person types them: one a line, id, longitude and latitude between commas, semicolons or blanks. */
export interface Candidate {
  id: string
  lon: number
  lat: number
}

/** The places, and the first line that is none (from 1), null when all are. Empty lines are passed over. */
export function readCandidates(text: string): { places: Candidate[]; wrong: number | null } {
  const places: Candidate[] = []
  let wrong: number | null = null
  text.split('\n').forEach((line, at) => {
    if (line.trim() === '') return
    const parts = line.trim().split(/[,;，；\s]+/)
    const [lon, lat] = [Number(parts[1]), Number(parts[2])]
    if (parts.length === 3 && parts[0] && parts[1] && parts[2] && Math.abs(lon) <= 180 && Math.abs(lat) <= 90) places.push({ id: parts[0], lon, lat })
    else wrong ??= at + 1
  })
  return { places, wrong }
}
