// The base of a map: streets, water and green on canvases beneath everything else, names above the registers' areas.
import L from "leaflet";
import { TileCache, View, leafletLayer } from "protomaps-leaflet";
import { carried } from "./gazetteer.js";
import { Names } from "./names.js";
import { rules } from "./paint.js";
import { source } from "./source.js";

// The library is written for pages that load Leaflet by themselves.
window.L = L;
const DIFFERENCE = 1;

function panes(map) {
  if (map.getPane("base")) return;
  map.createPane("base").style.zIndex = "150";
  map.createPane("base-names").style.zIndex = "615";
  map.getPane("base-names").style.pointerEvents = "none";
}

export function base(map, from) {
  const { look, zooms } = from;
  panes(map);
  const tiles = source(from);
  const view = new View(new TileCache(tiles, 256 << DIFFERENCE), zooms[1], DIFFERENCE);
  const layer = leafletLayer({
    url: "x", pane: "base", paintRules: rules(look), backgroundColor: look.ground, attribution: "", bounds: from.bounds, minZoom: 0, maxZoom: 22, tileDelay: 1,
  });
  layer.views = new Map([["", view]]);
  map.getContainer().style.background = look.ground;
  map.getContainer().classList.add("with-base");
  layer.addTo(map);
  const names = new Names(map, view, look);
  const show = (on) => {
    names.shown = on;
    map.getContainer().classList.toggle("with-base", on);
    if (on) layer.addTo(map); else layer.remove();
  };
  return { layer, names, show, places: from.url ? null : carried(tiles, from.tiles) };
}
