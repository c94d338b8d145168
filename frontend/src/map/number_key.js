// The list beside a map of the wards whose number stands on it in place of a name that found no room.
import { element } from "./dom.js";

export function numberKey(numbers) {
  const section = document.querySelector(".key");
  return {
    numberOf: (name) => (section && numbers && numbers[name] ? String(numbers[name]) : ""),
    write(names) {
      if (!section) return;
      const rows = [...new Set(names)].sort((a, b) => numbers[a] - numbers[b]);
      section.hidden = !rows.length;
      section.querySelector("ol").replaceChildren(...rows.map((name) => element("li", {}, [element("b", {}, String(numbers[name])), name])));
    },
  };
}
