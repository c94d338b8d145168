// A place chosen on the map goes into the fields of a form; a place typed into them is shown on the map.
import L from "leaflet";
import { nearestSite } from "./nearest.js";
import { tilesMap } from "./tiles.js";
import { tools } from "./tools.js";

// Degrees are typed with the comma or the point of any language, and written with that of the page.
const LANG = document.documentElement.lang;
const FORMAT = new Intl.NumberFormat(LANG, { minimumFractionDigits: 5, maximumFractionDigits: 5, useGrouping: false });
const metres = (size) => (size < 1000
  ? `${new Intl.NumberFormat(LANG).format(Math.round(size))} m`
  : `${new Intl.NumberFormat(LANG, { maximumFractionDigits: 1 }).format(size / 1000)} km`);
const SMALL_DEG = 0.001;
const read = (field) => Number(field.value.trim().replace(",", ".") || NaN);

export function pick(part) {
  const box = part.querySelector(".tiles-map");
  const options = JSON.parse(box.dataset.options);
  const status = part.querySelector("[role=status]");
  const [lon, lat] = ["lon", "lat"].map((name) => document.querySelector(`[name=${name}]`));
  const others = ["site_id", "chainage_m"].map((name) => document.querySelector(`[name=${name}]`)).filter(Boolean);
  let drawn = null;

  // The ward and the nearest site of a place; the ward is known once its tile is there.
  function describe(place, before = "") {
    const near = nearestSite(options.sites, place);
    const site = near ? `${options.texts.nearest_site}: ${near.title}, ${metres(near.distance)}` : "";
    if (drawn.write) drawn.layer.off("load", drawn.write);
    const write = drawn.write = () => { status.textContent = [before, drawn.wardAt(place), site].filter(Boolean).join(" · "); };
    write();
    drawn.layer.once("load", write);
  }

  function mark(place, before) {
    drawn.dot.setLatLng(place).addTo(drawn.map);
    describe(place, before);
  }

  function typed() {
    const place = [read(lat), read(lon)];
    if (!drawn || !place.every(Number.isFinite)) return;
    if (!drawn.map.getBounds().contains(place)) drawn.map.setView(place, drawn.map.getZoom(), { animate: false });
    mark(L.latLng(place));
  }

  function choose(place, before) {
    lon.value = FORMAT.format(place.lng);
    lat.value = FORMAT.format(place.lat);
    // A place is a point or a site with its chainage, not both.
    others.forEach((field) => { field.value = ""; });
    mark(place, before);
  }

  function go(place, before) {
    drawn.map.setView(place, Math.max(16, drawn.map.getZoom()), { animate: false });
    choose(place, before);
  }

  // Nothing is chosen: what stood there before would be taken for what was meant.
  function none(text) {
    [lon, lat].forEach((field) => { field.value = ""; });
    drawn.dot.remove();
    drawn.ring.remove();
    if (drawn.write) drawn.layer.off("load", drawn.write);
    status.textContent = text;
  }

  function here(place, accuracy) {
    drawn.ring.setLatLng(place).setRadius(accuracy).addTo(drawn.map);
    go(place, `${options.texts.locate_found} ${metres(accuracy)}`);
  }

  // A landmark is a place. The name of a street or a ward shows where to look: the place on it is still to be pointed at.
  function look({ title, at, box: area }) {
    drawn.ring.remove();
    if (!area || (area[2] - area[0] < SMALL_DEG && area[3] - area[1] < SMALL_DEG)) { go(at, title); return; }
    drawn.map.fitBounds([[area[1], area[0]], [area[3], area[2]]], { maxZoom: 17, animate: false });
    none(title);
  }

  function draw() {
    const dot = L.circleMarker([0, 0], { radius: 8, weight: 3, color: "#111111", fillColor: "#ffd166", fillOpacity: 1 });
    const ring = L.circle([0, 0], { radius: 10, weight: 2, color: "#0a4f8a", fillOpacity: 0.1, interactive: false });
    drawn = Object.assign(tilesMap(box, { form: true }), { dot, ring });
    drawn.map.on("click", (event) => choose(event.latlng));
    tools(box, options, { go, here, look, none, say: (text) => { status.textContent = text; } });
    typed();
  }

  part.hidden = false;
  part.addEventListener("toggle", () => { if (part.open && !drawn) draw(); });
  [lon, lat].forEach((field) => field.addEventListener("change", typed));
}
