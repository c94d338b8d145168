// The pages with a map of all wards: the map itself, and the form in which a place is chosen on it.
import "leaflet/dist/leaflet.css";
import "./tiles.css";
import { draw } from "./draw.js";
import { pick } from "./pick.js";
import { dropped } from "./drop.js";
import { route as along } from "./route.js";
import { stretch } from "./stretch.js";
import { tilesMap } from "./tiles.js";
import { words } from "./words.js";

const page = document.getElementById("tiles");
if (page) {
  const { map, wardAt } = tilesMap(page);
  map.on("click", (event) => { document.getElementById("tiles-ward").textContent = wardAt(event.latlng); });
}
const form = document.getElementById("pick");
if (form) pick(form);
const route = document.getElementById("draw");
if (route) draw(route);
const streets = document.getElementById("along");
const typed = document.querySelector("[data-offered]");
if (streets) {
  const map = along(streets);
  if (typed) words(typed.closest("form"), map);
}
const agreed = document.getElementById("stretch");
if (agreed) stretch(agreed);
document.querySelectorAll("form.dropped").forEach((form) => dropped(form, form.querySelector("[type=file]"), () => form.requestSubmit()));
