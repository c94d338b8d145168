// A map of two days: what is left of the handle shows the first, what is right of it the second.
(function () {
  "use strict";
  const diaban = (window.diaban = window.diaban || {});

  diaban.swipe = function (map) {
    const panes = (side) => ["areas-" + side, "lines-" + side].map((name) => map.getPane(name));
    const sides = [panes("before"), panes("after")];
    const words = diaban.bothTexts(diaban.words("swipe"));
    const slider = diaban.element("input", { type: "range", min: "0", max: "100", value: "50", class: "swipe", "aria-label": words });
    const line = diaban.element("div", { class: "swipe-line", "aria-hidden": "true" });
    ["before", "after"].forEach((side) => line.append(diaban.element("b", { class: side }, diaban.plainText(diaban.words(side)))));
    line.append(diaban.element("i", { class: "swipe-knob" }));
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
  };
})();
