// The map under the wards: tiles from an address, or those that the page carries.
import L from "leaflet";
import { words } from "./texts.js";

// Tiles that the page carries within itself.
const Carried = L.TileLayer.extend({
  getTileUrl(at) { return this.options.pictures[`${at.z}/${at.x}/${at.y}`] || L.Util.emptyImageUrl; },
});

export function background(map, from) {
  const note = document.querySelector("footer .tiles");
  const [least, most] = from.zooms;
  const options = { minNativeZoom: least, maxNativeZoom: most, maxZoom: 19, pictures: from.pictures };
  if (from.bounds) options.bounds = from.bounds;
  if (!from.url && !Object.keys(from.pictures).length) {
    note.append(words("background_served"), ".");
    return;
  }
  map.diabanTiles = from.url ? L.tileLayer(from.url, options) : new Carried("", options);
  map.diabanTiles.addTo(map);
  map.getContainer().classList.add("with-tiles");
  note.append(words("background"), `: ${from.attribution}.`);
}
