// A map of all wards: each tile is fetched as it comes into view and painted on a canvas of its own.
import L from "leaflet";
import { base } from "../base/index.js";
import { islands } from "../base/islands.js";
import { still } from "../base/motion.js";

still();

const MOST_ZOOM = 14;
const LINES = { sites: ["#8c2d04", 3], crossings: ["#8c2d04", 1] };

function path(lines, scale, closed) {
  const made = new Path2D();
  lines.forEach((line) => {
    for (let i = 0; i < line.length; i += 2) made[i ? "lineTo" : "moveTo"](line[i] * scale, line[i + 1] * scale);
    if (closed) made.closePath();
  });
  return made;
}

// The part of a tile that a canvas shows. In a form (`plain`) streets matter more than phases: wards have their borders
// only.
function paint(canvas, { tile, scale, right, down }, ratio, colours, plain) {
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, -right * ratio, -down * ratio);
  pen.lineWidth = 0.6;
  pen.strokeStyle = "#5b6470";
  const wards = (tile.layers.wards || []).map(([facts, lines]) => ({ facts, area: path(lines, scale, true) }));
  wards.forEach(({ facts, area }) => {
    pen.fillStyle = colours[facts.phase] || colours.none || "#f4f1ea";
    if (!plain) pen.fill(area, "evenodd");
    pen.stroke(area);
  });
  Object.entries(LINES).forEach(([name, [colour, width]]) => {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    (tile.layers[name] || []).forEach(([, lines]) => pen.stroke(path(lines, scale, false)));
  });
  return { pen, wards };
}

const Layer = L.GridLayer.extend({
  initialize(options) {
    L.setOptions(this, options);
    this.loaded = new Map();
  },

  createTile(at, done) {
    const { root, list, colours, shown, plain } = this.options;
    const side = this.getTileSize().x, ratio = window.devicePixelRatio || 1;
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = side * ratio;
    this.part(at, side, root, list)
      .then((part) => { shown.set(`${at.z}/${at.x}/${at.y}`, paint(canvas, part, ratio, colours, plain)); done(null, canvas); })
      .catch((error) => done(error, canvas));
    return canvas;
  },

  // Closer than the service has tiles, lines are drawn anew from a part of one: they stay as thin and sharp as they are.
  part(at, side, root, list) {
    const up = Math.max(0, at.z - MOST_ZOOM), times = 2 ** up;
    const [x, y] = [at.x >> up, at.y >> up], key = `${at.z - up}/${x}/${y}`;
    const loaded = this.loaded.get(key) || fetched(`${root}/tiles/${key}?f=json${list}`);
    this.loaded.delete(key);
    this.loaded.set(key, loaded);
    loaded.catch(() => this.loaded.delete(key));
    if (this.loaded.size > 64) this.loaded.delete(this.loaded.keys().next().value);
    return loaded.then((tile) => ({
      tile, scale: (side * times) / tile.extent, right: (at.x - x * times) * side, down: (at.y - y * times) * side,
    }));
  },
});

function fetched(address) {
  return fetch(address, { credentials: "same-origin" })
    .then((answer) => { if (!answer.ok) throw new Error(String(answer.status)); return answer.json(); });
}

// The map in a box that carries its options, and what names the ward at a place of it. In a form (`form`) one finger
// scrolls the page, two move the map.
export function tilesMap(box, { form } = {}) {
  const options = JSON.parse(box.dataset.options);
  const shown = new Map();
  const map = L.map(box, { attributionControl: false, minZoom: 4, maxZoom: 18, fadeAnimation: false, dragging: !(form && L.Browser.mobile) });
  map.fitBounds(options.bounds, { animate: false });
  map.setMinZoom(Math.min(7, map.getZoom())); // further out the base has neither land nor sea
  const layer = new Layer({ keepBuffer: 1, root: options.root, list: options.list ? `&city=${options.list}` : "", colours: options.colours, shown, plain: form });
  layer.on("tileunload", (event) => shown.delete(`${event.coords.z}/${event.coords.x}/${event.coords.y}`));
  layer.on("load", () => { box.dataset.drawn = String(Math.round(performance.now())); });
  layer.addTo(map);
  ground(map, options);

  function wardAt(place) {
    const zoom = Math.round(map.getZoom());
    const at = map.project(place, zoom);
    const found = shown.get(`${zoom}/${Math.floor(at.x / 256)}/${Math.floor(at.y / 256)}`);
    const ratio = window.devicePixelRatio || 1;
    const hit = found && found.wards.find(({ area }) =>
      found.pen.isPointInPath(area, (at.x % 256) * ratio, (at.y % 256) * ratio, "evenodd"));
    return hit ? `${hit.facts.full_name || hit.facts.name || ""} (${hit.facts.code})` : "";
  }
  return { map, layer, wardAt };
}

// What lies beneath the wards: tiles of the settings, or streets, water and names of the cities; and the islands of the
// sea. Whose it is stands in the corner.
function ground(map, options) {
  if (options.background) pictures(map, options.background);
  if (options.sources) sources(map, options.sources);
  const bases = (options.bases || []).map((from) => base(map, from));
  const write = L.Util.throttle(() => bases.forEach((one) => one.names.write([])), 60, null);
  map.on("moveend zoomend resize", write);
  write();
  islands(map, options.islands);
}

function pictures(map, { url, zooms, bounds }) {
  map.createPane("background").style.zIndex = "150";
  const [minNativeZoom, maxNativeZoom] = zooms;
  L.tileLayer(url, { pane: "background", minNativeZoom, maxNativeZoom, maxZoom: 18, bounds: bounds || undefined }).addTo(map);
  map.getContainer().classList.add("with-base");
}

function sources(map, words) {
  const note = L.control({ position: "bottomright" });
  note.onAdd = () => {
    const box = L.DomUtil.create("div", "leaflet-control-attribution");
    box.textContent = words;
    return box;
  };
  note.addTo(map);
}
