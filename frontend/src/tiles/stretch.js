// A stretch of a route chosen on the map: two points that slide along it. Its metres go into the fields of the form, and
// what stands in the fields is shown. The stretches along borders are offered, each with its wards.
import L from "leaflet";
import { tilesMap } from "./tiles.js";

const METRES = 111195;
const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };
const CHOSEN = { color: "#ffd166", weight: 8 };

export function stretch(part) {
  const form = part.closest("form"), box = part.querySelector(".tiles-map");
  const { from_m: from, to_m: to, wards } = form.elements;
  const route = JSON.parse(part.dataset.route), length = route[route.length - 1][2];
  const status = part.querySelector("[role=status]");
  let drawn = null, offered = "", next = from;

  // Metres of what is written, the ends of the route where nothing is.
  const metres = (field, otherwise) => {
    const size = Number(field.value.trim().replace(/\s/g, "").replace(",", ".") || otherwise);
    return Number.isFinite(size) ? Math.min(Math.max(size, 0), length) : otherwise;
  };
  const chosen = () => [metres(from, 0), metres(to, length)];

  function at(size) {
    const i = Math.max(1, route.findIndex((one) => one[2] >= size));
    const [a, b] = [route[i - 1], route[i]], share = b[2] > a[2] ? (size - a[2]) / (b[2] - a[2]) : 0;
    return L.latLng(a[1] + share * (b[1] - a[1]), a[0] + share * (b[0] - a[0]));
  }

  // The metre of the route that lies nearest to a place.
  function nearest(place) {
    const narrow = Math.cos((place.lat * Math.PI) / 180);
    const flat = ([lon, lat]) => [(lon - place.lng) * METRES * narrow, (lat - place.lat) * METRES];
    let best = [Infinity, 0];
    for (let i = 1; i < route.length; i += 1) {
      if (route[i][2] === route[i - 1][2]) continue;
      const [ax, ay] = flat(route[i - 1]), [bx, by] = flat(route[i]), [dx, dy] = [bx - ax, by - ay];
      const share = Math.min(1, Math.max(0, -(ax * dx + ay * dy) / (dx * dx + dy * dy || 1)));
      const far = Math.hypot(ax + share * dx, ay + share * dy);
      if (far < best[0]) best = [far, route[i - 1][2] + share * (route[i][2] - route[i - 1][2])];
    }
    return best[1];
  }

  function write(field, size) {
    field.value = String(Math.round(size));
    show();
  }

  function marker(field, title) {
    const icon = L.divIcon({ className: "route-point", html: title.slice(0, 1), iconSize: [22, 22] });
    const dot = L.marker([0, 0], { icon, draggable: true, keyboard: true, title });
    dot.on("drag", () => { field.value = String(Math.round(nearest(dot.getLatLng()))); line(); });
    dot.on("dragend", () => show());
    dot.on("click", (event) => L.DomEvent.stop(event));
    dot.on("keydown", ({ originalEvent: event }) => {
      if (!STEPS[event.key]) return;
      event.preventDefault();
      event.stopPropagation();
      write(field, Math.min(length, Math.max(0, metres(field, field === from ? 0 : length) + STEPS[event.key] * (event.shiftKey ? 50 : 5))));
    });
    return dot;
  }

  function line() {
    const [begin, end] = chosen();
    const places = [at(begin), ...route.filter(([, , size]) => size > begin && size < end).map(([lon, lat]) => [lat, lon]), at(end)];
    drawn.line.setLatLngs(end > begin ? places : []);
  }

  function show() {
    const [begin, end] = chosen();
    status.textContent = end > begin ? part.dataset.said.replace("{from}", Math.round(begin)).replace("{to}", Math.round(end)).replace("{length}", Math.round(end - begin)) : part.dataset.wrong;
    if (!drawn) return;
    line();
    drawn.ends.forEach((dot, i) => dot.setLatLng(at([begin, end][i])));
  }

  // Wards that somebody typed stay.
  function offer(button) {
    from.value = button.dataset.from;
    to.value = button.dataset.to;
    if (!wards.value.trim() || wards.value === offered) wards.value = offered = button.dataset.wards.split(";").join("\n");
    show();
    if (drawn) drawn.map.fitBounds(L.latLngBounds(drawn.line.getLatLngs()).pad(0.4), { animate: false, maxZoom: 17 });
  }

  function begin() {
    drawn = tilesMap(box, { form: true });
    L.polyline(route.map(([lon, lat]) => [lat, lon]), { color: "#0a4f8a", weight: 4, opacity: 0.7, interactive: false }).addTo(drawn.map);
    drawn.line = L.polyline([], { ...CHOSEN, interactive: false }).addTo(drawn.map);
    drawn.ends = [marker(from, part.dataset.begin), marker(to, part.dataset.end)];
    show();
    drawn.ends.forEach((dot) => dot.addTo(drawn.map));
    // A click sets the beginning, the next one the end.
    drawn.map.on("click", ({ latlng }) => { write(next, nearest(latlng)); next = next === from ? to : from; });
    box.dataset.stretch = "1";
  }

  part.querySelectorAll("button[data-from]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => offer(button));
  });
  [from, to].forEach((field) => field.addEventListener("input", show));
  box.hidden = false;
  const around = part.closest("details");
  around.addEventListener("toggle", () => { if (around.open && !drawn) begin(); });
  if (around.open) begin();
}
