// Makes the page: the map itself, its buttons, the switches of the layers, the list of sites, full screen and print.
(function () {
  "use strict";
  const diaban = (window.diaban = window.diaban || {});
  const element = diaban.element;
  const ICONS = {
    zoom_in: "M8 3v10M3 8h10",
    zoom_out: "M3 8h10",
    home: "M2 8l6-5 6 5M4 7v6h8V7",
    full_screen: "M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3",
    print: "M4 6V2h8v4M4 11H2V6h12v5h-2M4 9h8v5H4z",
  };

  // From the ground up; those of one day are what the swipe cuts.
  const PANES = ["areas", "areas-before", "areas-after", "lines", "lines-before", "lines-after"];

  diaban.map = function (id, options) {
    diaban.texts = options.texts;
    const map = L.map(id, {
      zoomControl: false, attributionControl: false, zoomSnap: 0.25, zoomDelta: 0.5, wheelPxPerZoomLevel: 120,
      minZoom: 8, maxZoom: 19, renderer: L.svg({ padding: 0.3 }), fadeAnimation: false,
    });
    map.diabanLayers = [];
    map.diabanOptions = options;
    PANES.forEach((name, i) => { map.createPane(name).style.zIndex = String(401 + i); });
    map.fitBounds(options.focus, { animate: false });
    return map;
  };

  // Shows all of a ground; beside the buttons, where something that can be opened would lie under them.
  function fit(map, ground) {
    map.fitBounds(ground, { animate: false });
    if (hidden(map)) map.fitBounds(ground, { animate: false, paddingTopLeft: [46, 4], paddingBottomRight: [4, 24] });
  }

  function hidden(map) {
    const buttons = map.getContainer().querySelector(".buttons");
    if (!buttons) return false;
    const edge = [buttons.offsetLeft + buttons.offsetWidth + 4, buttons.offsetTop + buttons.offsetHeight + 4];
    const lines = map.diabanLayers.filter((group) => group.spec.pane.startsWith("lines")).flatMap((group) => group.entries);
    return lines.filter((entry) => entry.layer && entry.layer.getLatLngs).some((entry) =>
      entry.layer.getLatLngs().flat(Infinity).some((at) => {
        const place = map.latLngToContainerPoint(at);
        return place.x >= 0 && place.y >= 0 && place.x <= edge[0] && place.y <= edge[1];
      })
    );
  }

  // A frame may get its size after the map is there: until somebody moves it, the map shows all of its ground in any size.
  function keepFitted(map, ground) {
    let fitting = false;
    let moved = false;
    map.on("movestart", () => { moved = moved || !fitting; });
    function again() {
      if (moved) return;
      fitting = true;
      fit(map, ground);
      fitting = false;
    }
    map.on("resize", again);
    again();
  }

  // Tiles that the page carries within itself.
  const Carried = L.TileLayer.extend({
    getTileUrl(at) { return this.options.pictures[`${at.z}/${at.x}/${at.y}`] || L.Util.emptyImageUrl; },
  });

  // The ground under the wards: tiles from an address, or those that the page carries.
  diaban.background = function (map, from) {
    const note = document.querySelector("footer .tiles");
    const [least, most] = from.zooms;
    const options = { minNativeZoom: least, maxNativeZoom: most, maxZoom: 19, pictures: from.pictures };
    if (from.bounds) options.bounds = from.bounds;
    if (!from.url && !Object.keys(from.pictures).length) {
      note.append(diaban.label(diaban.words("background_served")), ".");
      return;
    }
    map.diabanTiles = from.url ? L.tileLayer(from.url, options) : new Carried("", options);
    map.diabanTiles.addTo(map);
    map.getContainer().classList.add("with-tiles");
    note.append(diaban.label(diaban.words("background")), `: ${from.attribution}.`);
  };

  function icon(name) {
    const box = document.createElement("span");
    box.innerHTML = `<svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
    return box.firstChild;
  }

  function button(name, act) {
    const words = diaban.bothTexts(diaban.words(name));
    const made = element("button", { type: "button", title: words, "aria-label": words, class: "button-" + name }, icon(name));
    made.addEventListener("click", act);
    return made;
  }

  function fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (document.documentElement.requestFullscreen) document.documentElement.requestFullscreen();
  }

  function buttons(map) {
    const control = L.control({ position: "topleft" });
    control.onAdd = () => {
      const box = element("div", { class: "leaflet-bar buttons", role: "group" }, [
        button("zoom_in", () => map.zoomIn()),
        button("zoom_out", () => map.zoomOut()),
        button("home", () => fit(map, map.diabanOptions.bounds)),
        button("full_screen", fullScreen),
        button("print", () => window.print()),
      ]);
      L.DomEvent.disableClickPropagation(box);
      return box;
    };
    control.addTo(map);
    document.addEventListener("fullscreenchange", () => {
      const on = Boolean(document.fullscreenElement);
      const words = diaban.bothTexts(diaban.words(on ? "leave_full_screen" : "full_screen"));
      const made = document.querySelector(".button-full_screen");
      made.setAttribute("title", words);
      made.setAttribute("aria-label", words);
      made.setAttribute("aria-pressed", String(on));
      map.invalidateSize();
    });
  }

  function toggle(words, on, act) {
    const box = element("input", { type: "checkbox" });
    box.checked = on;
    box.addEventListener("change", () => act(box.checked));
    return element("li", {}, element("label", {}, [box, " ", diaban.label(words)]));
  }

  function switches(map, labels) {
    const list = document.querySelector(".switches ul");
    map.diabanLayers.forEach((group) => {
      const act = (on) => (on ? group.addTo(map) : map.removeLayer(group));
      list.append(toggle(group.spec.label, map.hasLayer(group), act));
    });
    list.append(toggle(diaban.words("names"), true, labels.show));
    if (map.diabanTiles) {
      list.append(toggle(diaban.words("background"), true, (on) => {
        map.getContainer().classList.toggle("with-tiles", on);
        if (on) map.diabanTiles.addTo(map); else map.diabanTiles.remove();
      }));
    }
  }

  // The features that a keyboard or a thumb should reach without the map: those of the layers marked so.
  function contents(map) {
    // What lies on top is what the map is about: it comes first.
    const groups = map.diabanLayers.filter((group) => group.spec.tabbed && group.entries.length).reverse();
    const section = document.querySelector(".list");
    if (!section) return;
    groups.forEach((group) => {
      const items = group.entries.filter((entry) => entry.feature.card).map((entry) => {
        const made = element("button", { type: "button" }, entry.feature.card.title);
        const more = entry.feature.card.subtitle;
        if (more) made.append(element("small", {}, diaban.plainText(more)));
        made.addEventListener("click", (event) => {
          diaban.show(map, entry);
          if (!event.detail) diaban.enterCard(made);
        });
        return element("li", {}, made);
      });
      section.append(element("h2", {}, diaban.label(diaban.words(group.spec.key))), element("ol", {}, items));
    });
  }

  // Leaflet lays its panes out in pixels: the page takes its printed size before the printer looks at it.
  function printing(map, labels) {
    let view = null;
    function resize(on) {
      if (on === document.body.classList.contains("printing")) return;
      if (on) view = map.getBounds();
      document.body.classList.toggle("printing", on);
      map.invalidateSize({ animate: false, pan: false });
      map.fitBounds(view, { animate: false });
      labels.refresh();
    }
    window.addEventListener("beforeprint", () => resize(true));
    window.addEventListener("afterprint", () => resize(false));
  }

  diaban.start = function (map) {
    buttons(map);
    L.control.scale({ position: "bottomleft", imperial: false, maxWidth: 160 }).addTo(map);
    const labels = diaban.labels(map);
    switches(map, labels);
    contents(map);
    diaban.search(map);
    printing(map, labels);
    diaban.leaveCards(map);
    if (map.diabanLayers.some((group) => /-(before|after)$/.test(group.spec.pane))) diaban.swipe(map);
    const panel = document.querySelector("aside details");
    if (panel && window.matchMedia("(max-width: 760px)").matches) {
      panel.open = false;
      map.invalidateSize({ animate: false, pan: false });
    }
    keepFitted(map, map.diabanOptions.focus);
    if (panel) panel.addEventListener("toggle", () => map.invalidateSize());
    window.addEventListener("load", () => { map.invalidateSize(); labels.refresh(); });
    labels.refresh();
    map.getContainer().dataset.drawn = String(Math.round(performance.now()));
  };
})();
