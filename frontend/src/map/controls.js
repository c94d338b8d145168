// What stands on and beside a map: its buttons and scale bar, the switches of its layers, the list of its sites.
import L from "leaflet";
import { enterCard } from "./cards.js";
import { element } from "./dom.js";
import { fit } from "./fitting.js";
import { show } from "./layers.js";
import { measuring } from "./measure.js";
import { savePng } from "./png.js";
import { copyLink } from "./view_link.js";
import { number, words } from "./texts.js";

const ICONS = {
  zoom_in: "M8 3v10M3 8h10",
  zoom_out: "M3 8h10",
  home: "M2 8l6-5 6 5M4 7v6h8V7",
  full_screen: "M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3",
  measure: "M2 11L11 2l3 3-9 9zM5 8l1.5 1.5M7.5 5.5L9 7M10 3l1.5 1.5",
  copy_link: "M7 9l2-2M6 6L4 8a2.8 2.8 0 0 0 4 4l2-2M10 10l2-2a2.8 2.8 0 0 0-4-4L6 6",
  save_png: "M8 2v8M4.5 7L8 10.5 11.5 7M3 13h10",
  print: "M4 6V2h8v4M4 11H2V6h12v5h-2M4 9h8v5H4z",
};

function icon(name) {
  const box = document.createElement("span");
  box.innerHTML = `<svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
  return box.firstChild;
}

function button(name, act) {
  const title = words(name);
  const made = element("button", { type: "button", title: title, "aria-label": title, class: "button-" + name }, icon(name));
  made.addEventListener("click", act);
  return made;
}

function toggleFullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else if (document.documentElement.requestFullscreen) document.documentElement.requestFullscreen();
}

export function buttons(map) {
  const control = L.control({ position: "topleft" });
  control.onAdd = () => {
    const box = element("div", { class: "leaflet-bar buttons", role: "group" }, [
      button("zoom_in", () => map.zoomIn()),
      button("zoom_out", () => map.zoomOut()),
      button("home", () => fit(map, map.diabanOptions.bounds)),
      button("full_screen", toggleFullScreen),
      button("measure", measuring(map)),
      button("copy_link", () => copyLink(map)),
      button("print", () => window.print()),
      button("save_png", () => savePng(map)),
    ]);
    L.DomEvent.disableClickPropagation(box);
    return box;
  };
  control.addTo(map);
  document.addEventListener("fullscreenchange", () => {
    const on = Boolean(document.fullscreenElement);
    const title = words(on ? "leave_full_screen" : "full_screen");
    const made = document.querySelector(".button-full_screen");
    made.setAttribute("title", title);
    made.setAttribute("aria-label", title);
    made.setAttribute("aria-pressed", String(on));
    map.invalidateSize();
  });
}

// Leaflet writes '1000 km' and '0.5 km' whatever the language of the page.
const Scale = L.Control.Scale.extend({
  _updateMetric(most) {
    const metres = this._getRoundNum(most);
    const label = metres < 1000 ? `${number(metres)} m` : `${number(metres / 1000)} km`;
    this._updateScale(this._mScale, label, metres / most);
  },
});

export function scaleBar(map) {
  new Scale({ position: "bottomleft", imperial: false, maxWidth: 160 }).addTo(map);
}

function toggle(text, on, act) {
  const box = element("input", { type: "checkbox" });
  box.checked = on;
  box.addEventListener("change", () => act(box.checked));
  return element("li", {}, element("label", {}, [box, " ", text]));
}

export function switches(map, labels) {
  const list = document.querySelector(".switches ul");
  map.diabanLayers.forEach((group) => {
    const act = (on) => (on ? group.addTo(map) : map.removeLayer(group));
    const made = toggle(group.spec.label, map.hasLayer(group), act);
    group.on("add remove", () => { made.querySelector("input").checked = map.hasLayer(group); });
    list.append(made);
  });
  list.append(toggle(words("names"), true, labels.show));
  if (map.diabanBase) list.append(toggle(words("background"), true, (on) => { map.diabanBase.show(on); labels.refresh(); }));
  if (map.diabanTiles) {
    list.append(toggle(words("background"), true, (on) => {
      map.getContainer().classList.toggle("with-tiles", on);
      if (on) map.diabanTiles.addTo(map); else map.diabanTiles.remove();
    }));
  }
}

// The features that a keyboard or a thumb should reach without the map: those of the layers marked so.
export function contents(map) {
  // What lies on top is what the map is about: it comes first.
  const groups = map.diabanLayers.filter((group) => group.spec.tabbed && group.entries.length).reverse();
  const section = document.querySelector(".list");
  if (!section) return;
  groups.forEach((group) => {
    const items = group.entries.filter((entry) => entry.feature.card).map((entry) => item(map, entry));
    // The layers of one day have no heading of their own.
    const heading = group.spec.pane === "lines" ? words(group.spec.key) : group.spec.label;
    section.append(element("h2", {}, heading), element("ol", {}, items));
  });
}

function item(map, entry) {
  const made = element("button", { type: "button" }, entry.feature.card.title);
  const more = entry.feature.card.subtitle;
  if (more) made.append(element("small", {}, more));
  made.addEventListener("click", (event) => {
    show(map, entry);
    if (!event.detail) enterCard(made);
  });
  return element("li", {}, made);
}
