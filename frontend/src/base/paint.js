// The look of a base as rules of the library that paints it.
import { LineSymbolizer, PolygonSymbolizer, linear } from "protomaps-leaflet";

const wider = (stops, by) => stops.map(([zoom, width]) => [zoom, width + by]);

function rule(coat, symbolizer) {
  const kinds = new Set(coat.kinds);
  return { dataLayer: coat.layer, minzoom: coat.first, symbolizer, filter: (zoom, feature) => kinds.has(feature.props.kind) };
}

function line(colour, width, dash) {
  const round = { lineCap: dash ? "butt" : "round", lineJoin: "round" };
  return new LineSymbolizer(Object.assign(round, dash
    ? { dash, color: colour, width: linear(width) }
    : { color: colour, width: linear(width) }));
}

// Areas first, then the edges of all lines, then the lines: a street runs into another without an edge between them.
export function rules(look) {
  const areas = look.paint.filter((coat) => coat.fill);
  const lines = look.paint.filter((coat) => coat.colour);
  return [
    ...areas.map((coat) => rule(coat, new PolygonSymbolizer({ fill: coat.fill }))),
    ...lines.filter((coat) => !coat.casing && coat.layer !== "borders").map((coat) => rule(coat, line(coat.colour, coat.width, coat.dash))),
    ...lines.filter((coat) => coat.casing).map((coat) => rule(coat, line(coat.casing, wider(coat.width, 1.3)))),
    ...lines.filter((coat) => coat.casing).map((coat) => rule(coat, line(coat.colour, coat.width))),
    ...lines.filter((coat) => coat.layer === "borders").map((coat) => rule(coat, line(coat.colour, coat.width, coat.dash))),
  ];
}
