// A route drawn on the map goes into the text of a form, point by point; with the keyboard the middle of the map is the
// point. A file that is dropped on the form is chosen.
import L from "leaflet";
import { dropped } from "./drop.js";
import { tilesMap } from "./tiles.js";

const written = (place) => `${place.lng.toFixed(6)}, ${place.lat.toFixed(6)}`;
const PAIR = /^\s*(-?\d+\.\d+)\s*,\s*(-?\d+\.\d+)\s*$/;

export function draw(part) {
  const form = part.closest("form");
  const box = part.querySelector(".tiles-map");
  const status = part.querySelector("[role=status]");
  const text = form.querySelector("[name=text]");
  const file = form.querySelector("[name=file]");
  let drawn = null;

  function shown() {
    const places = drawn.places;
    drawn.line.setLatLngs(places);
    drawn.dots.clearLayers();
    places.forEach((place) => L.circleMarker(place, { radius: 5, color: "#111111", fillColor: "#ffd166", fillOpacity: 1 }).addTo(drawn.dots));
  }

  function changed() {
    shown();
    text.value = drawn.written = drawn.places.map(written).join("\n");
    if (drawn.places.length) file.value = "";
    const last = drawn.places[drawn.places.length - 1];
    status.textContent = last ? [drawn.places.length, drawn.wardAt(last)].filter(Boolean).join(": ") : "";
  }

  // What was drawn before, or pasted as pairs of longitude and latitude, is gone on with. Whether that can be done: a text
  // that is anything else stays as it is, and nothing is drawn over it.
  function takenUp() {
    if (text.value === drawn.written) return true;
    const lines = text.value.split("\n").filter((line) => line.trim());
    const pairs = lines.map((line) => line.match(PAIR));
    if (!pairs.every(Boolean)) {
      status.textContent = part.dataset.other;
      return false;
    }
    // In Việt Nam the longitude is the larger of the two, whichever stands first.
    const sorted = pairs.map((pair) => [Number(pair[1]), Number(pair[2])].sort((a, b) => a - b));
    drawn.places = sorted.map(([lat, lon]) => L.latLng(lat, lon));
    shown();
    return true;
  }

  function begin() {
    drawn = Object.assign(tilesMap(box), { places: [], written: "", line: L.polyline([], { color: "#d55e00", weight: 5 }), dots: L.layerGroup() });
    drawn.line.addTo(drawn.map);
    drawn.dots.addTo(drawn.map);
    if (takenUp() && drawn.places.length) drawn.map.fitBounds(L.latLngBounds(drawn.places).pad(0.3), { animate: false, maxZoom: 16 });
    drawn.map.on("click", (event) => { if (takenUp()) { drawn.places.push(event.latlng); changed(); } });
  }

  const does = {
    add: () => drawn.places.push(drawn.map.getCenter()),
    undo: () => drawn.places.pop(),
    clear: () => { drawn.places = []; },
  };
  part.querySelectorAll("[data-do]").forEach((button) => {
    button.addEventListener("click", () => {
      if (button.dataset.do !== "clear" && !takenUp()) return;
      does[button.dataset.do]();
      changed();
    });
  });
  part.hidden = false;
  part.addEventListener("toggle", () => { if (part.open && !drawn) begin(); });

  dropped(form.querySelector(".drop"), file);
}
