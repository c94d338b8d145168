// Where the names of a base may stand in a view: along a street or river, at a place, in the middle of a lake.


// How straight a line must be where a name is written on it: the name of a river leaves its bed a little.
const STREET = { chord: 0.94, off: 4 };
export const RIVER = { chord: 0.8, off: 12 };

// The lines, points and areas of a view that have names, by the rules of the look; pixels of the container.
export function named(tiles, look, zoom, place) {
  const found = [];
  look.names.forEach((rule, rank) => {
    if (zoom < rule.first - 0.01 || zoom > (rule.last || 99)) return;
    const kinds = new Set(rule.kinds);
    tiles.forEach((tile) => {
      (tile.data.get(rule.layer) || []).forEach((feature) => {
        if (!feature.props.name || !kinds.has(feature.props.kind)) return;
        const parts = feature.geom.map((part) => part.map((at) => place(tile.origin.x + at.x * tile.scale, tile.origin.y + at.y * tile.scale)));
        found.push({ text: feature.props.name, rule, rank, kind: feature.geomType, parts });
      });
    });
  });
  return found;
}

// Middles and turns of the straight stretches of a line that are as long as its name; the middle of the line first.
export function along(line, length, view, straight = STREET) {
  const running = [0];
  for (let i = 1; i < line.length; i += 1) {
    running.push(running[i - 1] + Math.hypot(line[i].x - line[i - 1].x, line[i].y - line[i - 1].y));
  }
  const whole = running[running.length - 1];
  if (whole < length) return [];
  const step = Math.max(length / 2, 40);
  const count = Math.min(60, Math.floor((whole - length) / step) + 1);
  const first = (whole - (count - 1) * step) / 2;
  const starts = Array.from({ length: count }, (_, i) => first + i * step).sort((a, b) => Math.abs(a - whole / 2) - Math.abs(b - whole / 2));
  return starts.map((middle) => stretch(line, running, middle - length / 2, middle + length / 2, straight)).filter((one) => one && inView(one, view));
}

function stretch(line, running, from, to, straight) {
  const a = at(line, running, from), b = at(line, running, to), middle = at(line, running, (from + to) / 2);
  const chord = Math.hypot(b.x - a.x, b.y - a.y);
  // A name on a bend is not read: the chord is nearly as long as the way, and its middle nearly on it.
  if (chord < (to - from) * straight.chord) return null;
  const off = Math.hypot((a.x + b.x) / 2 - middle.x, (a.y + b.y) / 2 - middle.y);
  if (off > straight.off) return null;
  let turn = Math.atan2(b.y - a.y, b.x - a.x);
  if (turn > Math.PI / 2) turn -= Math.PI;
  if (turn < -Math.PI / 2) turn += Math.PI;
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, turn };
}

function at(line, running, distance) {
  let i = 1;
  while (i < running.length - 1 && running[i] < distance) i += 1;
  const part = running[i] - running[i - 1] || 1;
  const share = Math.min(1, Math.max(0, (distance - running[i - 1]) / part));
  return { x: line[i - 1].x + share * (line[i].x - line[i - 1].x), y: line[i - 1].y + share * (line[i].y - line[i - 1].y) };
}

const inView = (one, view) => one.x > 0 && one.y > 0 && one.x < view.x && one.y < view.y;

// The middle of the part of a ring that is in view, if it is wide enough for the name; null where it is not.
export function inside(ring, width, view) {
  const xs = ring.map((one) => Math.min(view.x, Math.max(0, one.x)));
  const ys = ring.map((one) => Math.min(view.y, Math.max(0, one.y)));
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  if (right - left < width * 0.7 || bottom - top < 10) return null;
  // Rows across the ring: the longest piece of one that lies inside holds the name.
  let best = null;
  for (let i = 1; i < 8; i += 1) {
    const y = top + ((bottom - top) * i) / 8;
    const cuts = crossings(ring, y).map((x) => Math.min(view.x, Math.max(0, x)));
    for (let j = 0; j + 1 < cuts.length; j += 2) {
      const wide = cuts[j + 1] - cuts[j];
      if (!best || wide > best.wide + 2) best = { wide, x: (cuts[j] + cuts[j + 1]) / 2, y, turn: 0 };
    }
  }
  return best && best.wide >= width * 0.8 ? best : null;
}

function crossings(ring, y) {
  const cuts = [];
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    if (ring[i].y > y !== ring[j].y > y) cuts.push(ring[i].x + ((y - ring[i].y) / (ring[j].y - ring[i].y)) * (ring[j].x - ring[i].x));
  }
  return cuts.sort((a, b) => a - b);
}

