// The base under the map of a page: streets, water and names of the city.
import { served } from "../base/gazetteer.js";
import { base as layer } from "../base/index.js";

export function base(map, from) {
  map.diabanBase = layer(map, from);
  if (from.places) map.diabanPlaces = served(from.places);
}
