// What helps to find a place on the map of a form: search by name, the device's own position, coordinates as pasted.
import L from "leaflet";
import { served } from "../base/gazetteer.js";
import { readPlace } from "./coordinates.js";

function made(name, attributes, ...children) {
  const one = document.createElement(name);
  Object.entries(attributes).forEach(([key, value]) => one.setAttribute(key, value));
  one.append(...children);
  return one;
}

export function tools(box, options, act) {
  const { texts } = options;
  const search = made("input", { type: "search", autocomplete: "off", role: "combobox", "aria-expanded": "false", "aria-controls": "pick-found" });
  const found = made("ul", { id: "pick-found", role: "listbox", hidden: "" });
  const pasted = made("input", { type: "text", autocomplete: "off", inputmode: "text", placeholder: texts.coordinates_hint, class: "pick-coordinates" });
  const locate = made("button", { type: "button", class: "pick-locate" }, texts.locate);
  const row = made("div", { class: "pick-tools" },
    made("label", {}, `${texts.search} `, search, found), made("label", {}, `${texts.coordinates} `, pasted), locate);
  box.before(row);
  names(search, found, served(options.places), act);
  const place = () => readPlace(pasted.value, options.metres);
  // What is still being typed is not refused; what was pasted, or left, is.
  pasted.addEventListener("input", (event) => {
    if (place()) act.go(L.latLng(place()));
    else if (event.inputType === "insertFromPaste") act.none(texts.coordinates_unread);
  });
  pasted.addEventListener("change", () => { if (pasted.value.trim() && !place()) act.none(texts.coordinates_unread); });
  pasted.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  locate.hidden = !("geolocation" in navigator);
  locate.addEventListener("click", () => navigator.geolocation.getCurrentPosition(
    ({ coords }) => act.here(L.latLng(coords.latitude, coords.longitude), coords.accuracy),
    () => act.say(texts.locate_failed), { enableHighAccuracy: true, timeout: 15000 }));
}

function names(input, list, find, act) {
  let rows = [], chosen = 0, round = 0;
  const mark = (at) => { chosen = at; [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === at))); };
  const close = () => { list.hidden = true; input.setAttribute("aria-expanded", "false"); };
  const take = (at) => { const one = rows[at]; if (!one) return; round += 1; input.value = one.title; close(); act.look(one); };
  const item = (one, i) => {
    const line = made("li", { role: "option" }, one.title, " ", made("small", {}, one.detail));
    line.addEventListener("mousedown", (event) => { event.preventDefault(); take(i); });
    return line;
  };
  input.addEventListener("input", () => {
    const now = (round += 1);
    if (!input.value.trim()) { close(); return; }
    find(input.value).then((more) => {
      if (now !== round || document.activeElement !== input) return;
      rows = more;
      list.replaceChildren(...rows.map(item));
      list.hidden = !rows.length;
      input.setAttribute("aria-expanded", String(rows.length > 0));
      mark(0);
    }).catch(() => {});
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const keys = { ArrowDown: () => mark(Math.min(chosen + 1, rows.length - 1)), ArrowUp: () => mark(Math.max(chosen - 1, 0)), Enter: () => take(chosen), Escape: close };
    if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
  });
}
