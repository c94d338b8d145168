// Builds tooltips and pop-ups. Data become text nodes only, never markup: a name can't act as a tag.
import { element } from "./dom.js";
import { words } from "./texts.js";

export function tooltip(card) {
  const box = element("div", {}, element("b", {}, card.title));
  (card.brief || []).forEach((line) => box.append(element("div", {}, line)));
  return box;
}

export function popup(card, map) {
  const box = element("article", { class: "card", tabindex: "-1" }, element("h3", {}, card.title));
  if (card.subtitle) box.append(element("p", { class: "subtitle" }, card.subtitle));
  (card.tables || []).forEach((one) => box.append(table(one)));
  (card.notes || []).forEach((note) => box.append(element("p", { class: "note" }, note)));
  if (card.facts.length) box.append(facts(card.facts));
  (card.links || []).forEach(([key, href]) => box.append(element("a", { class: "link", href: href }, words(key))));
  box.style.maxHeight = Math.max(140, Math.min(440, map.getSize().y - 90)) + "px";
  box.style.maxWidth = Math.max(200, Math.min(560, map.getSize().x - 70)) + "px";
  return box;
}

function facts(rows) {
  const list = element("dl");
  rows.forEach(([key, value]) => list.append(element("dt", {}, words(key)), element("dd", {}, value)));
  return list;
}

function table(spec) {
  const names = spec.head.map(words);
  const head = names.map((name) => element("th", { scope: "col" }, name));
  const rows = spec.rows.map((cells) =>
    element("tr", {}, cells.map((cell, i) => element(i ? "td" : "th", i ? { "data-name": names[i] } : { scope: "row" }, cell)))
  );
  const made = element("table", {}, [element("thead", {}, element("tr", {}, head)), element("tbody", {}, rows)]);
  return element("div", { class: "wide", tabindex: "0", role: "group" }, made);
}

// A card that was opened by keyboard is entered; Escape closes any card and goes back to where it was opened.
let cameFrom = null;

export function enterCard(origin) {
  cameFrom = origin;
  const card = document.querySelector(".leaflet-popup .card");
  if (card) card.focus({ preventScroll: true });
}

// Makes cards close by keyboard.
export function closeCards(map) {
  map.getContainer().addEventListener("keydown", (event) => { if (event.key === "Escape") map.closePopup(); });
  // Leaflet names its button in English.
  map.on("popupopen", (event) => {
    const button = event.popup.getElement().querySelector(".leaflet-popup-close-button");
    if (button) button.setAttribute("aria-label", words("close"));
  });
  // A map that becomes smaller, as on a phone that is turned, brings its card back inside, as large as there is room.
  map.on("resize", () => { if (map._popup && map._popup.isOpen()) map._popup.update(); });
  map.on("popupclose", () => {
    if (cameFrom && cameFrom.isConnected) cameFrom.focus({ preventScroll: true });
    cameFrom = null;
  });
}
