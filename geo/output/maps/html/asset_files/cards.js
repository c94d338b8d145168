// Builds tooltips and pop-ups. Data become text nodes only, never markup: a name can't act as a tag.
(function () {
  "use strict";
  const diaban = (window.diaban = window.diaban || {});

  diaban.element = function (tag, attributes, children) {
    const made = document.createElement(tag);
    Object.entries(attributes || {}).forEach(([name, value]) => made.setAttribute(name, value));
    [].concat(children === undefined ? [] : children).forEach((child) => made.append(child));
    return made;
  };
  const element = diaban.element;

  // A text is a string, or a pair: Vietnamese, English.
  diaban.plainText = (text) => (Array.isArray(text) ? text[0] : text);
  diaban.bothTexts = (text) => (Array.isArray(text) && text[1] ? text[0] + " · " + text[1] : diaban.plainText(text));

  diaban.label = function (text) {
    if (!Array.isArray(text)) return element("span", {}, text);
    const both = element("span", {}, element("span", {}, text[0]));
    if (text[1] && text[1] !== text[0]) both.append(" ", element("span", { class: "en", lang: "en" }, text[1]));
    return both;
  };

  diaban.words = (key) => (diaban.texts && diaban.texts[key]) || key;

  diaban.tooltip = function (card) {
    const box = element("div", {}, element("b", {}, card.title));
    (card.brief || []).forEach((line) => box.append(element("div", {}, diaban.label(line))));
    return box;
  };

  // A card that was opened by keyboard is entered; Escape closes any card and goes back to where it was opened.
  let cameFrom = null;
  diaban.enterCard = function (origin) {
    cameFrom = origin;
    const card = document.querySelector(".leaflet-popup .card");
    if (card) card.focus({ preventScroll: true });
  };
  diaban.leaveCards = function (map) {
    map.getContainer().addEventListener("keydown", (event) => { if (event.key === "Escape") map.closePopup(); });
    map.on("popupclose", () => {
      if (cameFrom && cameFrom.isConnected) cameFrom.focus({ preventScroll: true });
      cameFrom = null;
    });
  };

  function facts(rows) {
    const list = element("dl");
    rows.forEach(([key, value]) => {
      list.append(element("dt", {}, diaban.label(diaban.words(key))), element("dd", {}, diaban.label(value)));
    });
    return list;
  }

  function table(spec) {
    const names = spec.head.map((key) => diaban.plainText(diaban.words(key)));
    const head = spec.head.map((key) => element("th", { scope: "col" }, diaban.label(diaban.words(key))));
    const rows = spec.rows.map((cells) =>
      element("tr", {}, cells.map((cell, i) => element(i ? "td" : "th", i ? { "data-name": names[i] } : { scope: "row" }, diaban.label(cell))))
    );
    const made = element("table", {}, [element("thead", {}, element("tr", {}, head)), element("tbody", {}, rows)]);
    return element("div", { class: "wide", tabindex: "0", role: "group" }, made);
  }

  diaban.popup = function (card, map) {
    const box = element("article", { class: "card", tabindex: "-1" }, element("h3", {}, card.title));
    if (card.subtitle) box.append(element("p", { class: "subtitle" }, diaban.label(card.subtitle)));
    (card.tables || []).forEach((one) => box.append(table(one)));
    (card.notes || []).forEach((note) => box.append(element("p", { class: "note" }, diaban.label(note))));
    if (card.facts.length) box.append(facts(card.facts));
    (card.links || []).forEach(([key, href]) => box.append(element("a", { class: "link", href: href }, diaban.label(diaban.words(key)))));
    box.style.maxHeight = Math.max(140, Math.min(440, map.getSize().y - 90)) + "px";
    box.style.maxWidth = Math.max(200, Math.min(560, map.getSize().x - 70)) + "px";
    return box;
  };
})();
