const WHOLE = { animate: false };
const BESIDE = { animate: false, paddingTopLeft: [46, 4], paddingBottomRight: [4, 24] };
const NARROW = 480;

// Shows all of a map's area in any size of its frame; beside the buttons, where something that can be opened would lie
// under them.
export function fit(map, area) {
  firstFit(map, area);
  if (!narrow(map) && hidden(map)) map.fitBounds(area, BESIDE);
}

// Before the layers are there. In a narrow frame nothing has room beneath the buttons: so the first view is the last,
// and tiles are requested once.
export function firstFit(map, area) {
  map.fitBounds(area, narrow(map) ? BESIDE : WHOLE);
}

const narrow = (map) => map.getSize().x < NARROW;

function hidden(map) {
  const buttons = map.getContainer().querySelector(".buttons");
  if (!buttons) return false;
  const edge = [buttons.offsetLeft + buttons.offsetWidth + 4, buttons.offsetTop + buttons.offsetHeight + 4];
  const lines = map.diabanLayers.filter((group) => group.spec.pane.startsWith("lines")).flatMap((group) => group.entries);
  return lines.filter((entry) => entry.layer && entry.layer.getLatLngs).some((entry) =>
    entry.layer.getLatLngs().flat(Infinity).some((at) => {
      const place = map.latLngToContainerPoint(at);
      return place.x >= 0 && place.y >= 0 && place.x <= edge[0] && place.y <= edge[1];
    })
  );
}

// A frame may get its size after the map is there: until somebody moves it, the map shows all of its area in any size.
export function fitUntilMoved(map, area) {
  let fitting = false;
  let moved = false;
  map.on("movestart", () => { moved = moved || !fitting; });
  function again() {
    if (moved) return;
    fitting = true;
    fit(map, area);
    fitting = false;
  }
  map.on("resize", again);
  again();
}
