// What is on the screen goes to paper as it is: a printer waits for no tile, so the map is scaled, not drawn anew.
const LEAST = 0.4;
// Pages whose frames are wider or narrower on paper than a sheet upright.
const SHEETS = ["across", "dashboard"];

export function printing(map) {
  const frame = map.getContainer();
  const legend = document.querySelector("aside details");
  let before = { style: "", open: true };

  function resize(on) {
    if (window.parent !== window) return inFrame(on);
    if (on === document.body.classList.contains("printing")) return;
    const [width, height] = [frame.offsetWidth, frame.offsetHeight];
    document.body.classList.toggle("printing", on);
    if (!on) {
      frame.setAttribute("style", before.style);
      if (legend) { legend.open = before.open; legend.style.zoom = ""; }
      return;
    }
    before = { style: frame.getAttribute("style") || "", open: legend && legend.open };
    // Its size in pixels stays, whatever the sheet gives it: Leaflet has nothing to do. A transform would leave its room
    // as large as it was, and part the sheet.
    const room = frame.getBoundingClientRect();
    const scale = 0.98 * Math.min(room.width / width, room.height / height);
    Object.assign(frame.style, { width: `${width}px`, height: `${height}px`, zoom: String(scale) });
    if (!legend) return;
    legend.open = true;
    for (let size = 1; size >= LEAST && legend.getBoundingClientRect().height > room.height; size -= 0.05) legend.style.zoom = String(size);
  }
  // The page round a frame decides its size on paper, which no script sees: the stylesheet scales what is on the screen.
  function inFrame(on) {
    if (on) {
      before.style = frame.getAttribute("style") || "";
      const [width, height] = [frame.offsetWidth, frame.offsetHeight];
      Object.assign(frame.style, { width: `${width}px`, height: `${height}px` });
      document.body.style.setProperty("--wide", `${width}px`);
      document.body.style.setProperty("--tall", `${height}px`);
      if (legend) { before.open = legend.open; legend.open = true; }
    } else {
      frame.setAttribute("style", before.style);
      if (legend) legend.open = before.open;
    }
    document.body.classList.toggle("printing-framed", on);
    document.body.dataset.sheet = SHEETS.find((name) => window.parent.document.body.classList.contains(name)) || "";
    // Its letters are as wide as the frame is, on the screen and on paper: so is its height, which is measured here.
    const share = on && legend ? legend.getBoundingClientRect().height / window.innerWidth : 0;
    document.body.style.setProperty("--legend", String(share + (share && 0.004)));
  }
  window.addEventListener("beforeprint", () => resize(true));
  window.addEventListener("afterprint", () => resize(false));
}
