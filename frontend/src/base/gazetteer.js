// Places by name beside what the registers hold: from the service, or from the tiles that the page carries.
import L from "leaflet";
import { fold } from "./fold.js";

const MOST = 6;

// Names that the service knows: streets, landmarks, former units of the whole city.
export function served(address) {
  return (query) => fetch(`${address}${address.includes("?") ? "&" : "?"}limit=${MOST}&q=${encodeURIComponent(query)}`, { credentials: "same-origin" })
    .then((answer) => (answer.ok ? answer.json() : { items: [] }))
    .then(({ items }) => items.filter((one) => one.lon !== null).map((one) => ({
      title: one.name, detail: one.detail || "", kind: one.kind, code: one.code, at: L.latLng(one.lat, one.lon), box: one.bbox,
    })));
}

// Names in the tiles of the page, read when somebody first types.
export function carried(source, tiles) {
  let rows = null;
  const read = () => {
    rows = rows || Promise.all(deepest(Object.keys(tiles)).map((key) => {
      const [z, x, y] = key.split("/").map(Number);
      return source.get({ z, x, y }, 256).then((layers) => names(layers, z, x, y));
    })).then((found) => merged(found.flat()));
    return rows;
  };
  return (query) => read().then((all) => {
    const wanted = fold(query);
    const scored = all.map((one) => ({ one, rank: rank(one.key, wanted) })).filter(({ rank: at }) => at < 9);
    return scored.sort((a, b) => a.rank - b.rank || a.one.title.localeCompare(b.one.title)).slice(0, MOST).map(({ one }) => one);
  });
}

// Beginning of the name first, then of a word, then anywhere.
export function rank(key, wanted) {
  const at = ` ${key}`.indexOf(` ${wanted}`);
  return key === wanted ? 0 : at === 0 ? 1 : at > 0 ? 2 : key.includes(wanted) ? 3 : 9;
}

function deepest(keys) {
  const most = Math.max(...keys.map((key) => Number(key.split("/")[0])));
  return keys.filter((key) => Number(key.split("/")[0]) === most);
}

function names(layers, z, x, y) {
  const found = [];
  ["streets", "water", "waterways", "land", "places", "landmarks"].forEach((name) => {
    (layers.get(name) || []).forEach((feature) => {
      if (!feature.props.name) return;
      const line = feature.geom.reduce((a, b) => (b.length > a.length ? b : a));
      const middle = line[Math.floor(line.length / 2)];
      const at = L.CRS.EPSG3857.pointToLatLng(L.point(x * 256 + middle.x, y * 256 + middle.y), z);
      found.push({ title: feature.props.name, detail: "", key: fold(feature.props.name), at, size: line.length });
    });
  });
  return found;
}

function merged(all) {
  const found = new Map();
  all.forEach((one) => { if (!found.has(one.title) || found.get(one.title).size < one.size) found.set(one.title, one); });
  return [...found.values()];
}
