// The names of a base: written on one canvas over the view, each where it covers neither another nor one of ours.
import L from "leaflet";
import { RIVER, along, inside, named } from "./candidates.js";

const FAMILY = 'system-ui, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif';
const APART = 260;
const overlaps = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

// A turned text as small boxes along its line.
function boxes({ x, y, turn }, width, height) {
  const count = Math.max(1, Math.ceil(width / height));
  const [right, down] = [Math.cos(turn), Math.sin(turn)];
  return Array.from({ length: count }, (_, i) => {
    const away = ((i + 0.5) / count - 0.5) * width;
    const half = turn ? height * 0.6 : height / 2;
    const wide = turn ? half : width / count / 2;
    return [x + right * away - wide, y + down * away - half, x + right * away + wide, y + down * away + half];
  });
}

export class Names {
  constructor(map, view, look) {
    Object.assign(this, { map, view, look, shown: true, round: 0 });
    this.canvas = L.DomUtil.create("canvas", "base-names", map.getPane("base-names"));
    this.pen = this.canvas.getContext("2d");
    map.on("zoomstart", () => this.clear());
  }

  clear() {
    this.round += 1;
    this.canvas.width = this.canvas.height = 0;
    this.canvas.named = [];
  }

  // Write the names of the view; `taken` are boxes that no name may touch.
  async write(taken) {
    const round = (this.round += 1);
    if (!this.shown) { this.clear(); return; }
    const { map } = this;
    const size = map.getSize(), zoom = map.getZoom(), whole = Math.round(zoom);
    const corner = map.project(map.containerPointToLatLng([0, 0]), whole), scale = map.getZoomScale(zoom, whole);
    const bounds = { minX: corner.x, minY: corner.y, maxX: corner.x + size.x / scale, maxY: corner.y + size.y / scale };
    const tiles = await this.view.getBbox(whole, bounds).catch(() => []);
    if (round !== this.round || zoom !== map.getZoom()) return;
    const place = (x, y) => ({ x: (x - corner.x) * scale, y: (y - corner.y) * scale });
    this.start(size);
    this.place(named(tiles, this.look, zoom, place), size, taken.slice());
    this.canvas.dataset.named = String(this.canvas.named.length);
  }

  start(size) {
    const ratio = window.devicePixelRatio || 1;
    L.DomUtil.setPosition(this.canvas, this.map.containerPointToLayerPoint([0, 0]));
    Object.assign(this.canvas, { width: size.x * ratio, height: size.y * ratio, named: [] });
    Object.assign(this.canvas.style, { width: `${size.x}px`, height: `${size.y}px` });
    Object.assign(this.pen, { textAlign: "center", textBaseline: "middle", lineJoin: "round", strokeStyle: this.look.halo, lineWidth: 3 });
    this.pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  place(all, size, taken) {
    const written = new Map();
    all.sort((a, b) => a.rank - b.rank || length(b) - length(a)).forEach((one) => {
      const { rule } = one;
      this.pen.font = `${rule.italic ? "italic " : ""}500 ${rule.size}px ${FAMILY}`;
      const width = this.pen.measureText(one.text).width + 6, height = rule.size + 3;
      const before = written.get(one.text) || [];
      for (const spot of this.spots(one, width, size)) {
        if (before.some((other) => Math.hypot(other.x - spot.x, other.y - spot.y) < APART)) continue;
        const room = boxes(spot, width, height);
        if (room.some((box) => box[0] < 0 || box[1] < 0 || box[2] > size.x || box[3] > size.y)) continue;
        if (room.some((box) => taken.some((other) => overlaps(box, other)))) continue;
        taken.push(...room);
        written.set(one.text, [...before, spot]);
        this.draw(one, spot);
        return;
      }
    });
  }

  spots(one, width, size) {
    if (one.kind === 1) return one.parts.flat().map(({ x, y }) => ({ x, y, turn: 0 }));
    if (one.kind === 2) return one.parts.flatMap((part) => along(part, width, size, one.rule.layer === "waterways" ? RIVER : undefined)).slice(0, 40);
    return one.parts.map((ring) => inside(ring, width, size)).filter(Boolean);
  }

  draw(one, { x, y, turn }) {
    this.pen.save();
    this.pen.translate(x, y);
    this.pen.rotate(turn);
    this.pen.fillStyle = one.rule.colour;
    this.pen.strokeText(one.text, 0, 0);
    this.pen.fillText(one.text, 0, 0);
    this.pen.restore();
    this.canvas.named.push(one.text);
  }
}

// How far a name's own line reaches: of two streets of a class the longer is named first.
function length(one) {
  if (one.length === undefined) one.length = Math.max(...one.parts.map((part) => part.length));
  return one.length;
}
