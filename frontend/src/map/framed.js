// A map in the frame of a page of the same server: the page's address holds the view, so that a link to the page or the
// browser's own button back shows it again. Nothing is sent before somebody has moved the map or opened something.
import { openView, viewOf } from "./view_link.js";

export function framed(map) {
  if (window.parent === window) return;
  const send = (message) => window.parent.postMessage({ diaban: message }, location.origin);
  let touched = false;
  const tell = () => { if (touched) send({ view: viewOf(map) }); };
  window.addEventListener("message", (event) => {
    const view = event.source === window.parent && event.origin === location.origin && event.data && event.data.diaban;
    if (view && typeof view.open === "string") { openView(map, view.open); touched = true; }
  });
  // A touch of the map, of its list or of its switches, by hand or by keys.
  ["pointerdown", "keydown", "wheel"].forEach((kind) => {
    document.addEventListener(kind, () => { touched = true; }, { capture: true, passive: true });
  });
  map.on("moveend popupopen popupclose layeradd layerremove", () => { setTimeout(tell); });
  send({ ready: true });
}
