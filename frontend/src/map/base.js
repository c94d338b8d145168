// The base under the map of a page: streets, water and names of the city.
import { base as layer } from "../base/index.js";

export function base(map, from) {
  map.diabanBase = layer(map, from);
}
