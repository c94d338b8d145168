// Hoàng Sa and Trường Sa, on every map that shows the sea as far: dots, and their name while the map shows both.
import L from "leaflet";

export function islands(map, given) {
  (given || []).forEach(({ name, at, dots }) => {
    const group = L.layerGroup(dots.map((dot) => L.circleMarker(dot, {
      radius: 1.2, weight: 1, color: "#5b6470", fillColor: "#5b6470", fillOpacity: 1, interactive: false,
    })));
    const label = L.marker(at, { interactive: false, keyboard: false, icon: L.divIcon({ className: "island-name", html: "", iconSize: [180, 16] }) });
    label.on("add", () => { label.getElement().textContent = name; });
    group.addLayer(label).addTo(map);
  });
}
