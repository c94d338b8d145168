// The map as it is seen, as a PNG: everything is drawn from the page itself, nothing is requested.
import { frame } from "./png_frame.js";

const SCALE = 2;
const HALO = "#ffffff";

export async function savePng(map) {
  const blob = await picture(map, true).catch(() => picture(map, false)); // pictures of other hosts may not be copied
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = document.body.dataset.file || `${fileName()}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function fileName() {
  const said = ["h1", ".titles p", ".day b"].map((selector) => document.querySelector(selector)).filter(Boolean);
  return said.map((part) => part.textContent).join(" ").normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "");
}

async function picture(map, withTiles) {
  const sheet = frame(map.getSize());
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: sheet.width * SCALE, height: sheet.height * SCALE });
  const pen = canvas.getContext("2d");
  pen.scale(SCALE, SCALE);
  await sheet.draw(pen, svgImage);
  pen.save();
  pen.translate(sheet.left, sheet.top);
  await view(pen, map, withTiles);
  pen.restore();
  return new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("empty"))), "image/png"));
}

async function view(pen, map, withTiles) {
  const box = map.getContainer(), size = map.getSize();
  pen.beginPath();
  pen.rect(0, 0, size.x, size.y);
  pen.clip();
  pen.fillStyle = getComputedStyle(box).backgroundColor;
  pen.fillRect(0, 0, size.x, size.y);
  const panes = [...box.querySelectorAll(".leaflet-pane")].filter((pane) => !pane.matches(".leaflet-map-pane, .leaflet-popup-pane, .leaflet-tooltip-pane, .leaflet-labels-pane"));
  panes.sort((a, b) => Number(getComputedStyle(a).zIndex) - Number(getComputedStyle(b).zIndex));
  for (const pane of panes) {
    pen.save();
    side(pen, pane, map, size);
    const { mixBlendMode } = getComputedStyle(pane);
    pen.globalCompositeOperation = mixBlendMode === "normal" ? "source-over" : mixBlendMode;
    for (const part of pane.querySelectorAll("canvas, svg, img.leaflet-tile")) await place(pen, part, box, withTiles);
    pen.restore();
  }
  box.querySelectorAll(".island-name").forEach((name) => words(pen, name, box, "italic 600 11px sans-serif", "#3f6d86"));
  marks(pen, box);
  swipe(pen, map, box, size);
}

// A pane of one of two days ends at the handle.
function side(pen, pane, map, size) {
  const found = pane.className.match(/-(before|after)-pane/);
  if (!found || map.diabanSplit === undefined) return;
  pen.beginPath();
  if (found[1] === "before") pen.rect(0, 0, map.diabanSplit, size.y);
  else pen.rect(map.diabanSplit, 0, size.x - map.diabanSplit, size.y);
  pen.clip();
}

async function place(pen, part, box, withTiles) {
  if (part.parentElement.closest("svg") || (part.matches("img") && !withTiles)) return;
  const at = within(part, box);
  if (!at.width || !at.height) return;
  const drawn = part.matches("svg") ? await svgImage(part, at) : part;
  pen.globalAlpha = Number(getComputedStyle(part).opacity);
  pen.drawImage(drawn, at.x, at.y, at.width, at.height);
}

function within(part, box) {
  const at = part.getBoundingClientRect(), from = box.getBoundingClientRect();
  return { x: at.left - from.left - box.clientLeft, y: at.top - from.top - box.clientTop, width: at.width, height: at.height };
}

// A drawing of the page as a picture: with the patterns that it fills areas with, and what the style sheet says of it.
export async function svgImage(part, { width, height }) {
  const copy = part.cloneNode(true);
  copy.setAttribute("xmlns", part.namespaceURI);
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  copy.removeAttribute("style");
  const shapes = [...copy.querySelectorAll("path, circle, rect")];
  [...part.querySelectorAll("path, circle, rect")].forEach((shape, i) => {
    const look = getComputedStyle(shape);
    ["stroke", "fillOpacity"].forEach((name) => { shapes[i].style[name] = look[name]; });
  });
  const patterns = document.querySelector(".hatches defs");
  if (patterns) copy.prepend(patterns.cloneNode(true));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await image.decode();
  return image;
}

// Names, numbers and badges, and the lines that lead to badges.
function marks(pen, box) {
  box.querySelectorAll(".leader").forEach((line) => {
    const turn = new DOMMatrix(getComputedStyle(line).transform), base = within(line.parentElement, box);
    const length = parseFloat(line.style.width);
    pen.strokeStyle = "#111111";
    pen.lineWidth = 1.5;
    pen.beginPath();
    pen.moveTo(base.x + turn.e, base.y + turn.f);
    pen.lineTo(base.x + turn.e + turn.a * length, base.y + turn.f + turn.b * length);
    pen.stroke();
  });
  box.querySelectorAll(".mark").forEach((mark) => {
    if (mark.matches(".mark-site")) badge(pen, within(mark, box));
    [...mark.children].forEach((line) => words(pen, line, box, "600 11px system-ui, sans-serif", "#17232a"));
  });
}

function badge(pen, at) {
  pen.fillStyle = HALO;
  pen.strokeStyle = "#111111";
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.roundRect(at.x, at.y, at.width, at.height, 4);
  pen.fill();
  pen.stroke();
}

function words(pen, element, box, font, colour) {
  const at = within(element, box);
  Object.assign(pen, { font, textAlign: "center", textBaseline: "middle", lineJoin: "round", strokeStyle: HALO, lineWidth: 3, fillStyle: colour });
  pen.strokeText(element.textContent, at.x + at.width / 2, at.y + at.height / 2);
  pen.fillText(element.textContent, at.x + at.width / 2, at.y + at.height / 2);
}

function swipe(pen, map, box, size) {
  if (map.diabanSplit === undefined) return;
  pen.fillStyle = "#111111";
  pen.fillRect(map.diabanSplit - 1.5, 0, 3, size.y);
  box.querySelectorAll(".swipe-line b").forEach((tag) => words(pen, tag, box, "600 13px system-ui, sans-serif", "#111111"));
}
