// What stands round the map of a PNG: title and day above, legend beside, scale and sources below.
const FONT = 'system-ui, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif';
const [EDGE, PANEL, LINE] = [12, 250, 17];
const NO_BREAK = "\u00a0";
const pencil = document.createElement("canvas").getContext("2d");

function wrapped(text, font, width) {
  pencil.font = font;
  const lines = [""];
  text.trim().split(/[ \n\t]+/).forEach((word) => {
    const longer = lines[lines.length - 1] ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines[lines.length - 1] && pencil.measureText(longer).width > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  });
  return lines;
}

const textOf = (selector) => (document.querySelector(selector) || { textContent: "" }).textContent.trim();

// Headings and entries of the legend, and the key of the numbers.
function legend() {
  const rows = [];
  document.querySelectorAll("aside .groups section, aside .key:not([hidden])").forEach((section) => {
    if (rows.length) rows.push({ text: "" });
    rows.push(...wrapped(section.querySelector("h2").textContent, `600 13px ${FONT}`, PANEL).map((text) => ({ text, bold: true })));
    if (section.matches(".key")) {
      const key = [...section.querySelectorAll("li")].map((entry) => [...entry.childNodes].map((node) => node.textContent).join(NO_BREAK).replace(/ /g, NO_BREAK));
      rows.push(...wrapped(key.join("; "), `12px ${FONT}`, PANEL).map((text) => ({ text })));
      return;
    }
    section.querySelectorAll("li").forEach((entry) => {
      const swatch = entry.querySelector("svg"), text = [...entry.childNodes].filter((node) => node !== swatch).map((node) => node.textContent.trim()).filter(Boolean).join(" ");
      const lines = wrapped(text, `12px ${FONT}`, PANEL - (swatch ? 42 : 0));
      rows.push(...lines.map((line, i) => ({ text: line, swatch: i ? null : swatch, indent: swatch ? 42 : 0 })));
    });
  });
  return rows;
}

export function frame(size) {
  const rows = legend();
  const width = size.x + PANEL + 3 * EDGE;
  const title = wrapped(textOf("h1"), `700 20px ${FONT}`, width - 2 * EDGE);
  const under = [textOf(".titles p"), textOf(".titles .day")].filter(Boolean);
  const notices = [...document.querySelectorAll(".notice")].flatMap((one) => wrapped(one.textContent, `13px ${FONT}`, width - 2 * EDGE));
  const sources = wrapped(textOf("footer"), `11px ${FONT}`, width - 2 * EDGE);
  const top = EDGE + title.length * 26 + (under.length + notices.length) * LINE + 8;
  const middle = Math.max(size.y, rows.length * LINE + 8);
  const bar = document.querySelector(".leaflet-control-scale-line");
  const height = top + middle + (bar ? 26 : 8) + sources.length * 15 + EDGE;
  return {
    width, height, left: EDGE, top,
    async draw(pen, svgImage) {
      pen.fillStyle = "#ffffff";
      pen.fillRect(0, 0, width, height);
      Object.assign(pen, { fillStyle: "#1c2529", textBaseline: "top", textAlign: "left" });
      let y = EDGE;
      const write = (lines, font, step, x = EDGE) => lines.forEach((line) => { pen.font = font; pen.fillText(line, x, y); y += step; });
      write(title, `700 20px ${FONT}`, 26);
      write([...under, ...notices], `13px ${FONT}`, LINE);
      y = top;
      for (const row of rows) {
        if (row.swatch) pen.drawImage(await svgImage(row.swatch, { width: 34, height: 20 }), size.x + 2 * EDGE, y - 3, 34, 20);
        pen.fillStyle = "#1c2529";
        write([row.text], `${row.bold ? "600 13px" : "12px"} ${FONT}`, LINE, size.x + 2 * EDGE + (row.indent || 0));
      }
      y = top + middle + 6;
      if (bar) {
        pen.fillRect(EDGE, y + 14, bar.offsetWidth, 2);
        write([bar.textContent], `12px ${FONT}`, 20);
      }
      write(sources, `11px ${FONT}`, 15);
      pen.strokeStyle = "#55626a";
      pen.strokeRect(EDGE - 0.5, top - 0.5, size.x + 1, size.y + 1);
    },
  };
}
