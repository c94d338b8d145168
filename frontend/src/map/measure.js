// Measuring on a map: each click adds a corner; the way along them is said, and from three on the area within.
import L from "leaflet";
import { number, words } from "./texts.js";

const RADIUS = 6371008.8;

// Square metres within corners on the sphere (Chamberlain & Duquette, 2007).
export function areaOf(corners) {
  const turn = Math.PI / 180;
  const sum = corners.reduce((total, at, i) => {
    const next = corners[(i + 1) % corners.length];
    return total + (next.lng - at.lng) * turn * (2 + Math.sin(at.lat * turn) + Math.sin(next.lat * turn));
  }, 0);
  return Math.abs((sum * RADIUS * RADIUS) / 2);
}

const long = (size) => (size < 1000 ? `${number(Math.round(size))} m` : `${number(Math.round(size / 10) / 100)} km`);
const wide = (size) => (size < 10000 ? `${number(Math.round(size))} m²` : `${number(Math.round(size / 100) / 100)} ha`);

export function measuring(map) {
  const line = L.polygon([], { color: "#111111", weight: 2, dashArray: "5 4", fillColor: "#ffd84d", fillOpacity: 0.15, interactive: false, pane: "markerPane" });
  const said = L.control({ position: "bottomleft" });
  let corners = [];
  let on = false;
  said.onAdd = () => { const box = L.DomUtil.create("output", "measured"); box.setAttribute("role", "status"); return box; };

  function show() {
    line.setLatLngs(corners);
    const way = corners.slice(1).reduce((total, at, i) => total + map.distance(corners[i], at), 0);
    const parts = [`${words("distance")} ${long(way)}`];
    if (corners.length > 2) parts.push(`${words("area_within")} ${wide(areaOf(corners))}`);
    said.getContainer().textContent = corners.length > 1 ? parts.join(" · ") : words("measure_hint");
  }

  // A click on a ward or site measures too, and opens no card.
  const add = (event) => {
    if (event.target.closest(".leaflet-control, .leaflet-popup, .swipe")) return;
    event.stopPropagation();
    corners.push(map.mouseEventToLatLng(event));
    show();
  };

  return function toggle() {
    on = !on;
    corners = [];
    map.getContainer().classList.toggle("measuring", on);
    map.getContainer()[on ? "addEventListener" : "removeEventListener"]("click", add, true);
    if (on) { line.addTo(map); said.addTo(map); show(); } else { line.remove(); said.remove(); }
    document.querySelector(".button-measure").setAttribute("aria-pressed", String(on));
  };
}
