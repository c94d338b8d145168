// A link to exactly this view: position, layers that are off, and what is chosen stand after the # of the address.
import { show } from "./layers.js";
import { words } from "./texts.js";

export function viewOf(map) {
  const at = map.getCenter();
  const parts = [`map=${map.getZoom()}/${at.lat.toFixed(5)}/${at.lng.toFixed(5)}`];
  const off = map.diabanLayers.filter((group) => !map.hasLayer(group)).map((group) => group.spec.key);
  if (off.length) parts.push(`off=${off.join(",")}`);
  if (map.diabanChosen) parts.push(`open=${encodeURIComponent(map.diabanChosen)}`);
  return `#${parts.join("&")}`;
}

// Shows the view that the address names; true where it names one.
export function openView(map, view = location.hash) {
  const given = new URLSearchParams(view.slice(1));
  const [zoom, lat, lng] = (given.get("map") || "").split("/").map(Number);
  if (![zoom, lat, lng].every(Number.isFinite) || !given.get("map")) return false;
  const off = (given.get("off") || "").split(",");
  map.diabanLayers.forEach((group) => { if (off.includes(group.spec.key)) map.removeLayer(group); });
  const entries = map.diabanLayers.flatMap((group) => group.entries);
  const chosen = given.get("open") && entries.find((entry) => entry.layer && entry.feature.id === given.get("open"));
  if (chosen) show(map, chosen);
  map.setView([lat, lng], zoom, { animate: false });
  return true;
}

// The address of the map itself, not of a page that shows it in a frame.
export function copyLink(map) {
  const address = new URL(location.href);
  address.searchParams.delete("frame");
  address.hash = viewOf(map);
  const button = document.querySelector(".button-copy_link");
  const done = () => { button.title = words("copied"); button.classList.add("done"); setTimeout(() => { button.title = words("copy_link"); button.classList.remove("done"); }, 2000); };
  (navigator.clipboard ? navigator.clipboard.writeText(address.href) : Promise.reject(new Error())).then(done, () => { byHand(address.href); done(); });
}

// Where a browser gives no clipboard: a file that was opened, a frame.
function byHand(text) {
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}
