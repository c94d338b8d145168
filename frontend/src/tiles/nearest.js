// The site nearest to a place, by the distance to its lines in metres.
const METRES = 111195;

export function nearestSite(sites, place) {
  let best = null;
  (sites || []).forEach(([title, lines]) => {
    const distance = Math.min(...lines.map((line) => toLine(line, place)));
    if (!best || distance < best.distance) best = { title, distance };
  });
  return best;
}

function toLine(line, place) {
  const narrow = Math.cos((place.lat * Math.PI) / 180);
  const flat = line.map(([lat, lon]) => [(lon - place.lng) * narrow * METRES, (lat - place.lat) * METRES]);
  let least = Math.hypot(...flat[0]);
  for (let i = 1; i < flat.length; i += 1) least = Math.min(least, toPart(flat[i - 1], flat[i]));
  return least;
}

function toPart([ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const share = Math.min(1, Math.max(0, -(ax * dx + ay * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(ax + share * dx, ay + share * dy);
}
