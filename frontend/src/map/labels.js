// Names and badges on the map: each is placed where it covers no other; else the number of a ward, with a key beside.
import L from "leaflet";
import { element } from "./dom.js";
import { numberKey } from "./number_key.js";

const FONT = '600 11px system-ui, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif';
// A badge stands beside what it names, so that a short street is not hidden under it: upwards first, then round.
const TURNS = [[1, -1], [-1, -1], [1, 1], [-1, 1], [0, -1], [0, 1], [1, 0], [-1, 0]];
const RINGS = [7, 14, 26, 42, 62];
const STEPS = [0, -15, 15, -30, 30, -45, 45];
const SHARES = [0.3, 0.5, 0.7];
// A number may be so many times as wide as the ward's largest circle: it says which ward, and hides little of others.
const NUMBER_REACH = 2.2;
const pen = document.createElement("canvas").getContext("2d");

// A long name stands in two lines, broken at the space nearest its middle.
function wrap(text) {
  const spaces = [...text.matchAll(/ /g)].map((found) => found.index);
  if (text.length < 11 || !spaces.length) return [text];
  const at = spaces.reduce((best, i) => (Math.abs(i - text.length / 2) < Math.abs(best - text.length / 2) ? i : best));
  return [text.slice(0, at), text.slice(at + 1)];
}

function measure(mark) {
  pen.font = FONT;
  const lines = mark.kind === "ward" ? wrap(mark.text) : [mark.text];
  const room = mark.kind === "site" ? 10 : 2;
  const width = Math.max(...lines.map((line) => pen.measureText(line).width)) + room;
  return { lines: lines, width: width, height: lines.length * 13 + (mark.kind === "site" ? 5 : 0) };
}

const overlaps = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
const boxAt = (x, y, size) => [x - size.width / 2 - 1, y - size.height / 2 - 1, x + size.width / 2 + 1, y + size.height / 2 + 1];

export function labels(map) {
  const pane = map.createPane("labels");
  pane.style.zIndex = 620;
  pane.style.pointerEvents = "none";
  pane.setAttribute("aria-hidden", "true");
  const key = numberKey(map.diabanOptions.numbers);
  let shown = true;

  function marks() {
    const all = [];
    map.diabanLayers.forEach((group) => {
      if (!map.hasLayer(group)) return;
      group.entries.forEach(({ feature }) => {
        if (!feature.mark) return;
        const [lat, lng, text, kind, reach] = feature.mark;
        const side = group.spec.pane.split("-")[1];
        all.push({ at: L.latLng(lat, lng), text: text, kind: kind, reach: reach, side: side });
      });
    });
    const rank = { site: 0, tick: 1, ward: 2 };
    return all.sort((a, b) => rank[a.kind] - rank[b.kind] || b.reach - a.reach);
  }

  function metresPerPixel() {
    const lat = (map.getCenter().lat * Math.PI) / 180;
    return (40075016.7 * Math.cos(lat)) / (256 * Math.pow(2, map.getZoom()));
  }

  // Where the middle of a mark may stand; the nearest corner of a badge is a ring away from its place, a ward's name
  // gives way upwards or downwards, then to all sides, while it stays within the ward.
  function candidates(mark, size, scale) {
    if (mark.kind === "tick") return beside(mark, size);
    if (mark.kind === "ward") {
      const room = mark.reach / scale;
      const aside = SHARES.flatMap((share) => TURNS.map(([x, y]) => [x * room * share, y * room * share]));
      const within = ([x, y]) => Math.hypot(Math.abs(x) + size.width / 2, Math.abs(y) + size.height / 2) <= room;
      return [[0, 0], ...STEPS.slice(1).map((y) => [0, y]).concat(aside).filter(within)];
    }
    return RINGS.flatMap((far) => TURNS.map(([x, y]) => [x * (far + size.width / 2), y * (far + size.height / 2)]));
  }

  // A tick's words stand across the route from it, first on the upper side.
  function beside(mark, size) {
    const [x, y] = mark.across;
    const far = 6 + (Math.abs(x) * size.width + Math.abs(y) * size.height) / 2;
    return [[x * far, y * far], [-x * far, -y * far]];
  }

  // The direction across the route at each tick, from the ticks before and after it.
  function acrossRoute(ticks) {
    const places = ticks.map((tick) => map.latLngToContainerPoint(tick.at));
    ticks.forEach((tick, i) => {
      const a = places[Math.max(0, i - 1)];
      const b = places[Math.min(ticks.length - 1, i + 1)];
      const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
      const turn = b.x < a.x ? -1 : 1;
      tick.across = [(turn * (b.y - a.y)) / length, (-turn * (b.x - a.x)) / length];
    });
  }

  function fits(mark, size, scale) {
    return mark.kind !== "ward" || Math.hypot(size.width, size.height) / 2 <= (mark.reach / scale) * 1.2;
  }

  function draw(mark, size, at, shift) {
    const place = map.containerPointToLayerPoint(at);
    if (mark.kind === "site") pane.append(leader(place, shift));
    const box = element("div", { class: "mark mark-" + mark.kind });
    size.lines.forEach((line) => box.append(element("div", {}, line)));
    box.style.width = size.width + "px";
    box.style.transform = `translate(${place.x + shift[0] - size.width / 2}px, ${place.y + shift[1] - size.height / 2}px)`;
    pane.append(box);
  }

  function leader(place, shift) {
    const line = element("div", { class: "leader" });
    line.style.width = Math.hypot(shift[0], shift[1]) + "px";
    line.style.transform = `translate(${place.x}px, ${place.y}px) rotate(${Math.atan2(shift[1], shift[0])}rad)`;
    return line;
  }

  // The buttons and the scale bar lie above the map: no name goes under them.
  function covered() {
    const frame = map.getContainer().getBoundingClientRect();
    return [...map.getContainer().querySelectorAll(".leaflet-control, .swipe-line, .swipe-line b, .swipe-knob")].map((control) => {
      const box = control.getBoundingClientRect();
      return [box.left - frame.left, box.top - frame.top, box.right - frame.left, box.bottom - frame.top];
    });
  }

  // Reports and the like are small, and many: no name covers one.
  function points() {
    const shown = map.diabanLayers.filter((group) => map.hasLayer(group)).flatMap((group) => group.entries);
    const single = shown.filter((entry) => entry.layer && entry.feature.kind === "point" && !entry.feature.mark);
    return single.flatMap((entry) => entry.layer.getLayers()).map((dot) => {
      const at = map.latLngToContainerPoint(dot.getLatLng());
      return [at.x - 5, at.y - 5, at.x + 5, at.y + 5];
    });
  }

  // What a map is about is seen whole: neither the name of a ward nor one of the base lies on a route.
  function routes() {
    const drawn = map.diabanLayers.filter((group) => map.hasLayer(group) && group.spec.pane.startsWith("lines")).flatMap((group) => group.entries);
    return drawn.filter((entry) => entry.layer && entry.feature.card && entry.feature.kind === "line").flatMap((entry) => {
      const parts = entry.layer.getLatLngs();
      return (Array.isArray(parts[0]) ? parts : [parts]).flatMap((part) => spread(part.map((at) => map.latLngToContainerPoint(at))));
    });
  }

  // Boxes along a line, so near each other that nothing slips through.
  function spread(line) {
    const size = map.getSize(), boxes = [];
    const near = (at) => at.x > -20 && at.y > -20 && at.x < size.x + 20 && at.y < size.y + 20;
    for (let i = 1; i < line.length; i += 1) {
      const [a, b] = [line[i - 1], line[i]];
      if (!near(a) && !near(b) && a.distanceTo(b) < size.x) continue;
      const steps = Math.min(400, Math.max(1, Math.ceil(a.distanceTo(b) / 6)));
      for (let j = 0; j <= steps; j += 1) {
        const [x, y] = [a.x + ((b.x - a.x) * j) / steps, a.y + ((b.y - a.y) * j) / steps];
        if (near({ x, y })) boxes.push([x - 4, y - 4, x + 4, y + 4]);
      }
    }
    return boxes;
  }

  // On a map of two days a name belongs to one side of the handle.
  function onOtherSide(mark, at) {
    if (!mark.side || map.diabanSplit === undefined) return false;
    return mark.side === "before" ? at.x > map.diabanSplit : at.x <= map.diabanSplit;
  }

  function refresh() {
    pane.replaceChildren();
    const taken = covered().concat(points());
    const size = map.getSize();
    const scale = metresPerPixel();
    const all = marks();
    const lines = routes();
    acrossRoute(all.filter((mark) => mark.kind === "tick"));

    // Whether a text found room at one of the places, and stands there.
    function stands(mark, text, at, shifts) {
      for (const shift of shifts) {
        const box = boxAt(at.x + shift[0], at.y + shift[1], text);
        if (box[0] < 0 || box[1] < 0 || box[2] > size.x || box[3] > size.y) continue;
        if (taken.some((other) => overlaps(box, other))) continue;
        if (/ward|number/.test(mark.kind) && lines.some((other) => overlaps(box, other))) continue;
        taken.push(box);
        draw(mark, text, at, shift);
        return true;
      }
      return false;
    }

    const named = new Set(), nameless = [];
    all.forEach((mark) => {
      if (mark.kind === "ward" && !shown) return;
      const at = map.latLngToContainerPoint(mark.at);
      if (at.x < 0 || at.y < 0 || at.x > size.x || at.y > size.y) return;
      if (onOtherSide(mark, at)) return;
      const text = measure(mark);
      if (fits(mark, text, scale) && stands(mark, text, at, candidates(mark, text, scale))) named.add(mark.text);
      else if (mark.kind === "ward") nameless.push([mark, at]);
    });
    key.write(nameless.filter(([mark, at]) => {
      const number = key.numberOf(mark.text);
      if (!number || named.has(mark.text)) return false;
      const text = measure({ kind: "number", text: number }), reach = mark.reach / scale;
      if (Math.hypot(text.width, text.height) / 2 > reach * NUMBER_REACH) return false;
      return stands({ kind: "number" }, text, at, [[0, 0], ...TURNS.map(([x, y]) => [x * reach * 0.6, y * reach * 0.6])]);
    }).map(([mark]) => mark.text));
    if (map.diabanBase) map.diabanBase.names.write(taken.concat(lines));
  }

  map.on("zoomstart", () => pane.replaceChildren());
  map.on("moveend zoomend resize layeradd layerremove swipe", L.Util.throttle(refresh, 40, null));
  return { refresh: refresh, show: (on) => { shown = on; refresh(); } };
}
