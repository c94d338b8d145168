// Coordinates in any order and form: decimal degrees with point or comma, degrees, minutes and seconds, N B S E Đ W T.
const SIDES = { N: ["lat", 1], B: ["lat", 1], S: ["lat", -1], E: ["lon", 1], Đ: ["lon", 1], W: ["lon", -1], T: ["lon", -1] };
const PART = /(-?\d+(?:[.,]\d+)?)\s*°\s*(?:(\d+(?:[.,]\d+)?)\s*['′’]\s*)?(?:(\d+(?:[.,]\d+)?)\s*(?:["″”]|''|′′)\s*)?([NBSEĐWT])?/giu;

// Latitude and longitude that a text says, null where it says none within Việt Nam and its seas.
export function readPlace(text) {
  const found = text.includes("°") ? degrees(text) : decimals(text);
  if (!found) return null;
  const [lat, lon] = found;
  return lat >= 4 && lat <= 24 && lon >= 100 && lon <= 118 ? [lat, lon] : null;
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
const figure = (text) => Number(text.replace(",", "."));
