// Draws the layers of a page: decodes their coordinates, styles them, and makes them reachable by mouse, touch and keyboard.
import L from "leaflet";
import { unpacked } from "../base/packed.js";
import { enterCard, popup, tooltip } from "./cards.js";

// A ring or line: latitude and longitude in whole steps, each the difference from the one before.
function unfold(steps, scale) {
  const places = [];
  let lat = 0;
  let lng = 0;
  for (let i = 0; i < steps.length; i += 2) {
    lat += steps[i];
    lng += steps[i + 1];
    places.push([lat / scale, lng / scale]);
  }
  return places;
}

function path(kind, at, options, scale) {
  if (kind === "area") return L.polygon(at.map((part) => part.map((ring) => unfold(ring, scale))), options);
  if (kind === "line") return L.polyline(at.map((part) => unfold(part, scale)), options);
  return L.featureGroup(at.map((point) => L.circleMarker(unfold(point, scale)[0], options)));
}

// A line is three: a casing that lifts it off what lies beneath, itself, and an unseen wide one that fingers can hit.
function parts(feature, at, style, spec, pane) {
  const base = { pane: pane, lineJoin: "round", lineCap: "butt", smoothFactor: feature.kind === "area" ? 0.6 : 1 };
  const drawn = Object.assign({}, base, style, { fillOpacity: 1, opacity: 1, interactive: Boolean(feature.card) });
  const main = path(feature.kind, at, drawn, spec.scale);
  if (feature.kind !== "line") {
    const edge = Object.assign({}, base, { color: style.casing, weight: style.weight + 3, fill: false, interactive: false });
    return { all: style.casing ? [path(feature.kind, at, edge, spec.scale), main] : [main], hit: main };
  }
  const under = Object.assign({}, base, { color: style.casing, weight: style.weight + 3, interactive: false });
  const wide = Object.assign({}, base, { color: "#000000", opacity: 0, weight: Math.max(20, style.weight) });
  const hit = path("line", at, wide, spec.scale);
  main.options.interactive = false;
  const casing = style.casing ? [path("line", at, under, spec.scale)] : [];
  if (!feature.card) return { all: casing.concat(main), hit: null };
  return { all: casing.concat(main, hit), hit: hit };
}

// A card names its texts by their places in the layer's list of words.
function readable(card, words) {
  const text = (place) => words[place];
  return Object.assign({}, card, {
    subtitle: card.subtitle && text(card.subtitle[0]),
    brief: (card.brief || []).map(text),
    facts: (card.facts || []).map(([key, place]) => [key, text(place)]),
    tables: (card.tables || []).map((one) => ({ head: one.head, rows: one.rows.map((row) => row.map(text)) })),
    notes: (card.notes || []).map(text),
  });
}

function makeReachable(layer, feature, tabbed) {
  const name = [feature.card.title].concat(feature.card.brief || []).join(", ");
  layer.on("add", () => {
    const element = layer.getElement && layer.getElement();
    if (!element) return;
    element.setAttribute("tabindex", tabbed ? "0" : "-1");
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", name);
    element.onkeydown = (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        openCard(layer);
        enterCard(element);
      }
    };
  });
}

function bind(layer, feature, map) {
  layer.bindTooltip(() => tooltip(feature.card), { sticky: true, className: "brief", direction: "top", offset: [0, -8] });
  layer.bindPopup(() => popup(feature.card, map), { maxWidth: 580, autoPanPadding: [12, 12] });
  layer.on("popupopen popupclose", (event) => choose(layer, map, event.type === "popupopen"));
  layer.on("mouseover", () => layer.setStyle && emphasise(layer, true));
  layer.on("mouseout", () => layer.setStyle && emphasise(layer, false));
}

function emphasise(layer, on) {
  const element = layer.getElement && layer.getElement();
  if (element) element.classList.toggle("hover", on);
}

// What a card speaks of is outlined while it is open; the keyboard comes back to it afterwards.
function choose(layer, map, on) {
  map.diabanChosen = on ? layer.diabanId : "";
  map.getContainer().classList.toggle("card-open", on);
  (layer.eachLayer ? layer.getLayers() : [layer]).forEach((one) => {
    const element = one.getElement && one.getElement();
    if (element) element.classList.toggle("chosen", on);
  });
  outline(layer, map, on);
}

// Neighbours lie above an area's own edge: its outline is drawn once more, above all of them.
function outline(layer, map, on) {
  if (map.diabanOutline) map.diabanOutline.remove();
  map.diabanOutline = null;
  if (!on || !(layer instanceof L.Polygon)) return;
  const look = { pane: layer.options.pane, color: "#111111", weight: 4, fill: false, interactive: false };
  map.diabanOutline = L.polygon(layer.getLatLngs(), look).addTo(map);
}

export function openCard(layer) {
  layer.openPopup(layer.getBounds ? middleOf(layer) : layer.getLatLng());
}

// Brings a feature into view and opens its card.
export function show(map, entry) {
  if (!map.hasLayer(entry.group)) entry.group.addTo(map);
  const area = entry.layer.getBounds();
  // A move that still goes on would end within the next, and the card open in the view that is left.
  map.stop();
  map.fitBounds(area.pad(0.35), { maxZoom: 16, animate: false });
  openCard(entry.layer);
}

function middleOf(layer) {
  if (layer.diabanMiddle) return layer.diabanMiddle;
  return layer.getCenter && layer._map ? layer.getCenter() : layer.getBounds().getCenter();
}

// One layer of the page. Every feature has an entry in `entries`, for search, labels and the list.
export function layer(map, spec) {
  const group = L.featureGroup();
  const pane = spec.pane;
  group.spec = spec;
  const places = unpacked(spec.packed);
  group.entries = spec.features.map((feature, rank) => {
    if (feature.card) feature.card = readable(feature.card, spec.words);
    const made = parts(feature, places[rank], spec.styles[feature.style], spec, pane);
    made.all.forEach((part) => group.addLayer(part));
    const entry = { feature: feature, layer: made.hit, group: group };
    if (made.hit) made.hit.diabanId = feature.id;
    if (feature.mark && made.hit) made.hit.diabanMiddle = L.latLng(feature.mark[0], feature.mark[1]);
    if (feature.card && made.hit) {
      bind(made.hit, feature, map);
      (made.hit.eachLayer ? made.hit.getLayers() : [made.hit]).forEach((one) => makeReachable(one, feature, spec.tabbed));
    }
    return entry;
  });
  map.diabanLayers.push(group);
  return group;
}
