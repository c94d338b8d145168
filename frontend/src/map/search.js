// Search by the name or number of a ward or site; diacritics may be left out.
import { element } from "./dom.js";
import { show } from "./layers.js";
import { number, words } from "./texts.js";

const LIMIT = 8;

const fold = (text) =>
  text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d").replace(/[^a-z0-9]+/g, " ").trim();

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

// Beginning of the name first, then of a word, then anywhere.
function score(keys, wanted) {
  const ranks = keys.map((key, i) => {
    const at = (" " + key).indexOf(" " + wanted);
    const within = key.indexOf(wanted);
    const rank = key === wanted ? 0 : at === 0 ? 1 : at > 0 ? 2 : within >= 0 ? 3 : 9;
    return rank + (i ? 0.5 : 0);
  });
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

  function mark(index) {
    chosen = index;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === index)));
    if (index >= 0) input.setAttribute("aria-activedescendant", list.children[index].id);
    else input.removeAttribute("aria-activedescendant");
  }

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    mark(-1);
  }

  function take(index) {
    const one = found[index];
    if (!one) return;
    input.value = one.row.title;
    close();
    show(map, one.row.entry);
  }

  function item(one, i) {
    const made = element("li", { role: "option", id: "found-" + i, "aria-selected": "false" }, one.row.title);
    if (one.which > 0) made.append(element("small", {}, " " + one.row.names[one.which]));
    made.addEventListener("mousedown", (event) => { event.preventDefault(); take(i); });
    return made;
  }

  function refresh() {
    found = find(rows, input.value);
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
