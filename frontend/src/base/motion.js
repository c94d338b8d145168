// Who asks the system for less motion gets none: maps jump where they would glide (WCAG 2.3.3).
import L from "leaflet";

export function still() {
  if (!window.matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const pan = L.Map.prototype.panBy;
  L.Map.mergeOptions({ zoomAnimation: false, markerZoomAnimation: false, inertia: false });
  L.Map.include({ panBy(offset, options) { return pan.call(this, offset, { ...options, animate: false }); } });
}
