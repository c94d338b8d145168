// Coordinates in any order and form: decimal degrees with point or comma, degrees, minutes and seconds, N B S E Đ W T.
const SIDES = { N: ["lat", 1], B: ["lat", 1], S: ["lat", -1], E: ["lon", 1], Đ: ["lon", 1], W: ["lon", -1], T: ["lon", -1] };
const PART = /(-?\d+(?:[.,]\d+)?)\s*°\s*(?:(\d+(?:[.,]\d+)?)\s*['′’]\s*)?(?:(\d+(?:[.,]\d+)?)\s*(?:["″”]|''|′′)\s*)?([NBSEĐWT])?/giu;

// Latitude and longitude that a text says, null where it says none within Việt Nam and its seas. `fit` reads metres of
// the city's VN-2000 zone; without, they are not read.
export function readPlace(text, fit) {
  const found = text.includes("°") ? degrees(text) : decimals(text);
  const inside = (place) => place && place[0] >= 4 && place[0] <= 24 && place[1] >= 100 && place[1] <= 118;
  if (inside(found)) return found;
  const projected = fit && metres(text, fit);
  return inside(projected) ? projected : null;
}

// Metres east and north, the larger north, with or without marks of thousands; beyond 100 km from the city they are none of its zone.
function metres(text, { middle, lon, lat }) {
  const figures = (text.match(/\d[\d.,]*\d/g) || []).map(grouped);
  if (figures.length !== 2) return null;
  const [east, north] = figures.sort((a, b) => a - b);
  const [u, v] = [(east - middle[0]) / 1e5, (north - middle[1]) / 1e5];
  if (!(Math.hypot(u, v) < 1)) return null;
  const value = (factors) => {
    let sum = 0, at = 0;
    for (let i = 0; i < 5; i += 1) for (let j = 0; j < 5 - i; j += 1) sum += factors[at++] * u ** i * v ** j;
    return sum;
  };
  return [value(lat), value(lon)];
}

function degrees(text) {
  const parts = [...text.matchAll(PART)].map(([, whole, minutes, seconds, side]) => {
    const size = figure(whole) + figure(minutes || "0") / 60 + figure(seconds || "0") / 3600;
    const [axis, sign] = SIDES[(side || "").toUpperCase()] || ["", 1];
    return { axis, size: size * sign };
  });
  if (parts.length !== 2) return null;
  const lat = parts.find((one) => one.axis === "lat"), lon = parts.find((one) => one.axis === "lon");
  return lat && lon ? [lat.size, lon.size] : ordered(parts.map((one) => one.size));
}

// The comma parts degrees from their decimals or one figure from the other: whatever leaves two figures is meant.
function decimals(text) {
  const plain = text.replace(/[NBSEĐWT()[\]]/giu, " ").trim();
  const ways = [/[;\s]+/, /\s*,\s+|\s*[;|/]\s*|\s+/, /,/].map((between) => plain.split(between).filter(Boolean));
  const pair = ways.find((parts) => parts.length === 2 && parts.every((part) => /^-?\d+([.,]\d+)?,?$/.test(part)));
  return pair ? ordered(pair.map((part) => figure(part.replace(/,$/, "")))) : null;
}

// In Việt Nam the larger figure is the longitude.
const ordered = ([a, b]) => (a > b ? [b, a] : [a, b]);
// 2.326.345,31 and 2,326,345.31: marks before three figures each part thousands.
function grouped(text) {
  const [, whole, decimals = ""] = text.match(/^(\d{1,3}(?:[.,]\d{3})+)(?:[.,](\d{1,2}))?$/) || [];
  return whole ? Number(`${whole.replace(/[.,]/g, "")}.${decimals || 0}`) : figure(text);
}

const figure = (text) => Number(text.replace(",", "."));
