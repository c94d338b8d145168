// A place chosen on the map goes into the fields of a form; a place typed into them is shown on the map.
import L from "leaflet";
import { tilesMap } from "./tiles.js";

// Degrees are typed with the comma or the point of any language, and written with that of the page.
const FORMAT = new Intl.NumberFormat(document.documentElement.lang, {
  minimumFractionDigits: 5, maximumFractionDigits: 5, useGrouping: false,
});
const read = (field) => Number(field.value.trim().replace(",", ".") || NaN);

export function pick(part) {
  const box = part.querySelector(".tiles-map");
  const status = part.querySelector("[role=status]");
  const [lon, lat] = ["lon", "lat"].map((name) => document.querySelector(`[name=${name}]`));
  const others = ["site_id", "chainage_m"].map((name) => document.querySelector(`[name=${name}]`)).filter(Boolean);
  let drawn = null;

  function mark(place) {
    drawn.dot.setLatLng(place).addTo(drawn.map);
    status.textContent = drawn.wardAt(place);
  }

  function typed() {
    const place = [read(lat), read(lon)];
    if (!drawn || !place.every(Number.isFinite)) return;
    if (!drawn.map.getBounds().contains(place)) drawn.map.setView(place, drawn.map.getZoom(), { animate: false });
    mark(L.latLng(place));
  }

  function draw() {
    const dot = L.circleMarker([0, 0], { radius: 8, weight: 3, color: "#111111", fillColor: "#ffd166", fillOpacity: 1 });
    drawn = Object.assign(tilesMap(box), { dot });
    drawn.map.on("click", (event) => {
      lon.value = FORMAT.format(event.latlng.lng);
      lat.value = FORMAT.format(event.latlng.lat);
      // A place is a point or a site with its chainage, not both.
      others.forEach((field) => { field.value = ""; });
      mark(event.latlng);
    });
    typed();
  }

  part.hidden = false;
  part.addEventListener("toggle", () => { if (part.open && !drawn) draw(); });
  [lon, lat].forEach((field) => field.addEventListener("change", typed));
}
