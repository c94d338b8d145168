// A map of two days: what is left of the handle shows the first, what is right of it the second.
import L from "leaflet";
import { element } from "./dom.js";
import { words } from "./texts.js";

export function swipe(map) {
  const panes = (side) => ["areas-" + side, "lines-" + side].map((name) => map.getPane(name));
  const sides = [panes("before"), panes("after")];
  const slider = element("input", { type: "range", min: "0", max: "100", value: "50", class: "swipe", "aria-label": words("swipe") });
  const line = element("div", { class: "swipe-line", "aria-hidden": "true" });
  ["before", "after"].forEach((side) => line.append(element("b", { class: side }, words(side))));
  line.append(element("i", { class: "swipe-knob" }));
  map.getContainer().append(line, slider);
  L.DomEvent.disableClickPropagation(slider);

  function cut() {
    const size = map.getSize();
    const x = (size.x * slider.value) / 100;
    const topLeft = map.containerPointToLayerPoint([0, 0]);
    const split = topLeft.x + x;
    const bottom = topLeft.y + size.y;
    const right = topLeft.x + size.x;
    const left = `polygon(${corners(topLeft.x, topLeft.y, split, bottom)})`;
    const rest = `polygon(${corners(split, topLeft.y, right, bottom)})`;
    sides.forEach((both, i) => both.forEach((pane) => { pane.style.clipPath = i ? rest : left; }));
    line.style.left = x + "px";
    map.diabanSplit = x;
    map.fire("swipe");
  }

  function corners(left, top, right, bottom) {
    return [[left, top], [right, top], [right, bottom], [left, bottom]].map(([x, y]) => `${x}px ${y}px`).join(",");
  }

  slider.addEventListener("input", cut);
  map.on("move zoomend resize viewreset", cut);
  cut();
}
