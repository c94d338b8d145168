// Search by the name or number of a ward or site, then by that of a street or landmark; diacritics may be left out.
import L from "leaflet";
import { fold } from "../base/fold.js";
import { rank } from "../base/gazetteer.js";
import { element } from "./dom.js";
import { show } from "./layers.js";
import { number, words } from "./texts.js";

const LIMIT = 8;

function register(map) {
  const seen = new Set();
  const rows = [];
  map.diabanLayers.forEach((group) =>
    group.entries.forEach((entry) => {
      const card = entry.feature.card;
      if (!card || seen.has(card.title)) return;
      seen.add(card.title);
      const names = [card.title].concat(entry.feature.aliases || []);
      rows.push({ entry: entry, title: card.title, names: names, keys: names.map(fold) });
    })
  );
  return rows;
}

function score(keys, wanted) {
  const ranks = keys.map((key, i) => rank(key, wanted) + (i ? 0.5 : 0));
  const best = Math.min(...ranks);
  return { rank: best, which: ranks.indexOf(best) };
}

function find(rows, query) {
  const wanted = fold(query);
  if (!wanted) return [];
  const scored = rows.map((row) => Object.assign({ row: row }, score(row.keys, wanted))).filter((one) => one.rank < 9);
  return scored.sort((a, b) => a.rank - b.rank || a.row.title.localeCompare(b.row.title, document.documentElement.lang)).slice(0, LIMIT);
}

export function search(map) {
  const input = document.getElementById("search");
  const list = document.getElementById("found");
  const status = document.querySelector(".search .status");
  if (!input) return;
  const rows = register(map);
  let found = [];
  let chosen = -1;
  let round = 0;
  const places = map.diabanPlaces || (map.diabanBase && map.diabanBase.places);

  function mark(index) {
    chosen = index;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === index)));
    if (index >= 0) input.setAttribute("aria-activedescendant", list.children[index].id);
    else input.removeAttribute("aria-activedescendant");
  }

  function close() {
    round += 1; // an answer that arrives after the choice opens nothing
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    mark(-1);
  }

  function take(index) {
    const one = found[index];
    if (!one) return;
    input.value = one.row.title;
    close();
    if (one.row.entry) show(map, one.row.entry);
    else showPlace(map, one.row);
  }

  function item(one, i) {
    const made = element("li", { role: "option", id: "found-" + i, "aria-selected": "false" }, one.row.title);
    const more = one.which > 0 ? one.row.names[one.which] : one.row.detail;
    if (more) made.append(element("small", {}, " " + more));
    made.addEventListener("mousedown", (event) => { event.preventDefault(); take(i); });
    return made;
  }

  function refresh() {
    const query = input.value, now = (round += 1);
    found = find(rows, query);
    listFound();
    if (!places || !fold(query)) return;
    places(query).then((more) => {
      if (now !== round) return;
      const known = new Set(found.map((one) => fold(one.row.title)));
      const others = more.filter((one) => !known.has(fold(one.title)) && one.kind !== "site");
      found = [...found, ...others.map((row) => ({ row, which: 0 }))];
      listFound();
    }).catch(() => {});
  }

  function listFound() {
    list.replaceChildren(...found.map(item));
    const typed = input.value.trim() !== "";
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
    const said = found.length ? `${number(found.length)} ${words("matches")}` : words("no_match");
    status.textContent = typed ? said : "";
    status.classList.toggle("none", typed && !found.length);
    mark(found.length ? 0 : -1);
  }

  const keys = {
    ArrowDown: () => mark(Math.min(chosen + 1, found.length - 1)),
    ArrowUp: () => mark(Math.max(chosen - 1, 0)),
    Enter: () => take(Math.max(chosen, 0)),
    Escape: close,
  };
  input.addEventListener("input", refresh);
  input.addEventListener("focus", () => { if (input.value && found.length) list.hidden = false; });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
}

// A place that is no feature of the map: brought into view, with a ring round it.
function showPlace(map, { at, box, title }) {
  if (map.diabanRing) map.diabanRing.remove();
  map.diabanRing = L.circleMarker(at, { radius: 14, weight: 4, color: "#c1121f", fill: false, pane: "markerPane" }).addTo(map);
  map.diabanRing.bindTooltip(title, { permanent: true, direction: "top", offset: [0, -14] });
  const wide = box && (box[2] - box[0] > 0.002 || box[3] - box[1] > 0.002);
  if (wide) map.fitBounds([[box[1], box[0]], [box[3], box[2]]], { maxZoom: 17, animate: false });
  else map.setView(at, Math.max(map.getZoom(), 16), { animate: false });
}
