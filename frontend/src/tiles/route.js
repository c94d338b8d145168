// A route that is drawn along streets: two points, and the line follows; every point can be dragged, more are set on
// the line or behind its end. What it means (wards, metres, other sites) is asked for at each change. By keyboard the
// middle of the map is a point, and arrows move the point that has the focus.
import L from "leaflet";
import { tilesMap } from "./tiles.js";

const WAIT_MS = 150;
const STEPS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const OFFERED = { color: "#0a4f8a", weight: 5, opacity: 0.6, radius: 9 };
const said = (place) => `${place.lng.toFixed(6)},${place.lat.toFixed(6)}`;

export function route(part) {
  const form = part.closest("form");
  const box = part.querySelector(".tiles-map");
  const { mode, declared, geometry, accuracy, words, source } = form.elements;
  const result = part.querySelector("[role=status]");
  // A place in words that was chosen, until somebody draws.
  let places = [], before = [], asked = 0, timer = 0, drawn = null, described = null, named = "";
  // Whether the line of what is drawn is still to come, and how the form was sent meanwhile.
  let awaited = false, sent = null;

  // Each state that can be gone back to: the points, or the place in words, with the name that it brought.
  function remember() { before.push({ places: places.slice(), described, named }); described = null; }

  function marker(place, at) {
    const icon = L.divIcon({ className: "route-point", html: String(at + 1), iconSize: [22, 22] });
    const dot = L.marker(place, { icon, draggable: true, keyboard: true, title: `${part.dataset.point} ${at + 1}` });
    dot.on("dragstart", remember);
    dot.on("drag", () => { places[at] = dot.getLatLng(); later(); });
    dot.on("dragend", () => { places[at] = dot.getLatLng(); changed(); });
    dot.on("keydown", ({ originalEvent: event }) => key(event, at));
    dot.on("click", (event) => L.DomEvent.stop(event));
    return dot;
  }

  function key(event, at) {
    const step = STEPS[event.key];
    if (step) {
      event.preventDefault();
      event.stopPropagation();
      remember();
      const size = event.shiftKey ? 40 : 8;
      const from = drawn.map.latLngToContainerPoint(places[at]);
      places[at] = drawn.map.containerPointToLatLng(from.add([step[0] * size, step[1] * size]));
      changed(at);
    } else if (event.key === "Delete") {
      event.preventDefault();
      remember();
      places.splice(at, 1);
      changed(Math.max(0, at - 1));
    }
  }

  function changed(focused = -1) {
    drawn.dots.clearLayers();
    const made = places.map(marker);
    made.forEach((dot) => dot.addTo(drawn.dots));
    if (made[focused]) made[focused].getElement().focus();
    later();
  }

  // Between which two points a place on the line lies: the nearest stretch.
  function insert(place) {
    const at = drawn.map.latLngToLayerPoint(place);
    const far = places.slice(1).map((end, i) => L.LineUtil.pointToSegmentDistance(
      at, drawn.map.latLngToLayerPoint(places[i]), drawn.map.latLngToLayerPoint(end)));
    remember();
    places.splice(far.indexOf(Math.min(...far)) + 1, 0, place);
    changed();
  }

  // What was there is not the line of what is drawn now: nobody may send it, nor is an answer on its way one.
  function outdated() { geometry.value = ""; asked += 1; awaited = true; sent = null; }
  function later() { outdated(); again(); }
  function again() { clearTimeout(timer); timer = setTimeout(ask, WAIT_MS); }

  function ask() {
    clearTimeout(timer);
    const round = (asked += 1);
    const what = described || { points: places.map(said).join(";"), mode: mode.value };
    const query = new URLSearchParams({ ...what, declared: declared.value });
    fetch(`${part.dataset.ask}&${query}`, { credentials: "same-origin" })
      .then((answer) => { if (!answer.ok) throw new Error(String(answer.status)); return answer.json(); })
      .then((found) => { if (round === asked) show(found); })
      .catch(() => { if (round === asked) { outdated(); awaited = false; result.textContent = part.dataset.failed; } });
  }

  function show(found) {
    drawn.line.clearLayers();
    geometry.value = found.geometry ? JSON.stringify(found.geometry) : "";
    accuracy.value = found.geometry ? found.accuracy_m : "";
    words.value = found.geometry && described ? described.words : "";
    source.value = found.geometry && !described ? part.dataset.source : "";
    if (found.geometry) drawn.line.addData(found.geometry);
    const rows = [
      ...(found.geometry ? [[part.dataset.whole, `${found.size}; ± ${found.accuracy}`]] : []),
      ...found.notes.map((note) => [note, ""]),
      ...found.wards, ...found.declared, ...found.sites.map(([name, size]) => [`${part.dataset.beside} ${name}`, size]),
    ];
    result.replaceChildren(...rows.map(([name, size]) => {
      const line = document.createElement("li");
      line.append(Object.assign(document.createElement("b"), { textContent: name }), ` ${size}`);
      return line;
    }));
    box.dataset.route = String(round3(found));
    const waiting = sent;
    awaited = false;
    sent = null;
    if (waiting && found.geometry) form.requestSubmit(waiting.by);
    else if (waiting && !found.notes.length) result.textContent = part.dataset.failed;
  }
  const round3 = (found) => (found.geometry ? found.geometry.coordinates.length : 0);

  // The places that words may mean, numbered; one is chosen by a click.
  function offer(features, choose) {
    part.open = true;
    if (!drawn) begin();
    drawn.offered.clearLayers();
    features.forEach((feature, i) => {
      const shape = L.geoJSON(feature, { style: OFFERED, pointToLayer: (_, place) => L.circleMarker(place, OFFERED) });
      shape.on("click", (event) => { L.DomEvent.stop(event); choose(i); }).addTo(drawn.offered);
      const icon = L.divIcon({ className: "route-point", html: String(i + 1), iconSize: [22, 22] });
      const along = shape.getLayers().flatMap((one) => (one.getLatLngs ? one.getLatLngs().flat(4) : [one.getLatLng()]));
      L.marker(along[Math.floor(along.length / 2)], { icon, keyboard: false }).on("click", (event) => { L.DomEvent.stop(event); choose(i); }).addTo(drawn.offered);
    });
    drawn.map.fitBounds(L.featureGroup(drawn.offered.getLayers()).getBounds().pad(0.2), { animate: false, maxZoom: 17 });
  }

  function take(place) {
    remember();
    places = [];
    described = place;
    drawn.dots.clearLayers();
    outdated();
    ask();
    form.querySelectorAll("details:not(#along)").forEach((fields) => { fields.open = true; });
    call(place.words);
  }

  // The name of a place in words is that of the site, until somebody types another one.
  function call(words) {
    const { name } = form.elements;
    if (!name || (name.value && name.value !== named)) return;
    name.value = words;
    named = words;
  }

  function back() {
    const state = before.pop();
    if (!state) return;
    ({ places, described } = state);
    call(state.named);
  }

  function begin() {
    drawn = Object.assign(tilesMap(box, { form: true }), { dots: L.layerGroup(), offered: L.featureGroup(), line: L.geoJSON(null, { style: { color: "#d55e00", weight: 6 } }) });
    drawn.offered.addTo(drawn.map);
    drawn.line.addTo(drawn.map);
    drawn.dots.addTo(drawn.map);
    drawn.line.on("click", (event) => { L.DomEvent.stop(event); if (mode.value !== "area" && places.length > 1) insert(event.latlng); });
    drawn.map.on("click", (event) => { remember(); places.push(event.latlng); changed(); });
  }

  const does = {
    add: () => { remember(); places.push(drawn.map.getCenter()); },
    undo: back,
    clear: () => { remember(); places = []; },
  };
  part.querySelectorAll("[data-do]").forEach((button) => button.addEventListener("click", () => { does[button.dataset.do](); changed(); }));
  mode.addEventListener("change", () => { if (drawn) later(); });
  declared.addEventListener("change", () => { if (drawn) again(); });
  // Sent before its line has come, the form waits for it.
  form.addEventListener("submit", (event) => {
    if (geometry.value) return;
    event.preventDefault();
    part.open = true;
    if (awaited) sent = { by: event.submitter };
    else result.textContent = part.dataset.failed;
  });
  part.hidden = false;
  part.addEventListener("toggle", () => { if (part.open && !drawn) begin(); });
  if (part.open) begin();
  return { offer, take };
}
