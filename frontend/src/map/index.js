// A map as a page: `diaban.map`, then its layers, its background if it has one, and `diaban.start`.
import L from "leaflet";
import icon from "leaflet/dist/images/marker-icon.png";
import largeIcon from "leaflet/dist/images/marker-icon-2x.png";
import shadow from "leaflet/dist/images/marker-shadow.png";
import "./map.css";
import { islands } from "../base/islands.js";
import { still } from "../base/motion.js";
import { closeCards } from "./cards.js";
import { buttons, contents, scaleBar, switches } from "./controls.js";
import { firstFit, fitUntilMoved } from "./fitting.js";
import { framed } from "./framed.js";
import { labels } from "./labels.js";
import { printing } from "./printing.js";
import { search } from "./search.js";
import { swipe } from "./swipe.js";
import { setTexts } from "./texts.js";
import { openView } from "./view_link.js";

export { background } from "./background.js";
export { base } from "./base.js";
export { layer } from "./layers.js";

// Markers that a notebook adds find their pictures in the page.
L.Icon.Default.imagePath = "";
L.Icon.Default.mergeOptions({ iconUrl: icon, iconRetinaUrl: largeIcon, shadowUrl: shadow });

still();

// From the bottom up; those of one day are what the swipe cuts.
const PANES = ["areas", "areas-before", "areas-after", "lines", "lines-before", "lines-after"];

export function map(id, options) {
  setTexts(options.texts);
  foldPanel();
  const made = L.map(id, {
    zoomControl: false, attributionControl: false, zoomSnap: 0.25, zoomDelta: 0.5, wheelPxPerZoomLevel: 120,
    minZoom: 6, maxZoom: 19, renderer: L.svg({ padding: 0.3 }), fadeAnimation: false,
  });
  made.diabanLayers = [];
  made.diabanOptions = options;
  PANES.forEach((name, i) => { made.createPane(name).style.zIndex = String(401 + i); });
  firstFit(made, options.focus);
  limited(made, options);
  islands(made, options.islands);
  return made;
}

// A map goes no further than its base: beyond it nothing says what is land and what is sea. What it is about is always
// seen whole, also where a frame is longer than the base.
function limited(map, { reach, focus }) {
  if (!reach) return;
  const least = () => map.setMinZoom(Math.max(6, Math.min(map.getBoundsZoom(reach, true), map.getBoundsZoom(focus) - 0.75)));
  map.options.maxBoundsViscosity = 0.9;
  map.setMaxBounds(reach);
  map.on("resize", least);
  least();
}

// Before the map has its size: on a phone the panel leaves the screen to it.
function foldPanel() {
  const panel = document.querySelector("aside details");
  if (panel && window.matchMedia("(max-width: 760px)").matches) panel.open = false;
}

export function start(map) {
  buttons(map);
  scaleBar(map);
  const names = labels(map);
  switches(map, names);
  contents(map);
  search(map);
  printing(map);
  closeCards(map);
  if (map.diabanLayers.some((group) => /-(before|after)$/.test(group.spec.pane))) swipe(map);
  map.invalidateSize({ animate: false, pan: false });
  if (!openView(map)) fitUntilMoved(map, map.diabanOptions.focus);
  const panel = document.querySelector("aside details");
  if (panel) panel.addEventListener("toggle", () => map.invalidateSize());
  window.addEventListener("load", () => { map.invalidateSize(); names.refresh(); });
  names.refresh();
  framed(map);
  map.getContainer().dataset.drawn = String(Math.round(performance.now()));
}
