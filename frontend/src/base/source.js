// Where the tiles of a base come from: a file on the server, requested part by part, or the page itself.
import { FetchSource, PMTiles } from "pmtiles";
import { PmtilesSource } from "protomaps-leaflet";
import { bytes, unzipped } from "./packed.js";

const key = (z, x, y) => `${z}/${x}/${y}`;

// Tiles in the page: text of base64 by 'zoom/column/row', each gzipped.
class Carried {
  constructor(tiles) {
    this.tiles = tiles;
    this.inner = new PmtilesSource({ getZxy: (z, x, y) => Promise.resolve({ data: unzipped(tiles[key(z, x, y)]).buffer }) }, false);
  }

  // A tile that the page does not carry is the part of one further out, enlarged.
  get(at, size) {
    for (let up = 0; at.z - up >= 0; up += 1) {
      const [z, x, y] = [at.z - up, at.x >> up, at.y >> up];
      if (this.tiles[key(z, x, y)] === undefined) continue;
      if (!up) return this.inner.get(at, size);
      const times = 2 ** up;
      return this.inner.get({ z, x, y }, size * times).then((layers) => moved(layers, (at.x - x * times) * size, (at.y - y * times) * size, size));
    }
    return Promise.resolve(new Map());
  }
}

function moved(layers, right, down, size) {
  const near = ({ bbox }) => bbox.maxX >= right - 64 && bbox.minX <= right + size + 64 && bbox.maxY >= down - 64 && bbox.minY <= down + size + 64;
  const shift = (feature) => {
    feature.geom.forEach((line) => line.forEach((at) => { at.x -= right; at.y -= down; }));
    const { minX, minY, maxX, maxY } = feature.bbox;
    return Object.assign({}, feature, { bbox: { minX: minX - right, maxX: maxX - right, minY: minY - down, maxY: maxY - down } });
  };
  return new Map([...layers].map(([name, features]) => [name, features.filter(near).map(shift)]));
}

// Parts of a file. A browser answers the parts of one address one after the other, for its cache writes one at a time:
// so each part has an address. The head of the file, with the places of all tiles, came with the page.
class Parts {
  constructor({ url, head }) {
    this.url = url;
    this.head = head && bytes(head).buffer;
    this.etag = `"${new URL(url, location.href).searchParams.get("v")}"`;
  }

  getKey() { return this.url; }

  getBytes(offset, length, signal, etag) {
    const { head } = this;
    // Once: a file that was exchanged meanwhile is asked for its own.
    this.head = null;
    if (head && offset === 0) return Promise.resolve({ data: head, etag: this.etag });
    return new FetchSource(`${this.url}&part=${offset}`).getBytes(offset, length, signal, etag);
  }
}

// Requests of a zoom that was left are given up.
export function source(from) {
  return from.url ? new PmtilesSource(new PMTiles(new Parts(from)), true) : new Carried(from.tiles);
}
