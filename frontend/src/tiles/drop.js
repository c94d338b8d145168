// A file that is dropped on a part of a page is chosen in its form; what else is to be done with it follows.
const SHOWN_MS = 6000;

function refuse(chosen) {
  chosen.setCustomValidity(chosen.dataset.one);
  chosen.reportValidity();
  setTimeout(() => chosen.setCustomValidity(""), SHOWN_MS); // what was typed meanwhile may be sent
}

export function dropped(area, chosen, then = () => {}) {
  ["dragover", "dragleave", "drop"].forEach((name) => area.addEventListener(name, (event) => {
    event.preventDefault();
    area.classList.toggle("over", name === "dragover");
    if (name !== "drop" || !event.dataTransfer.files.length) return;
    if (event.dataTransfer.files.length > 1) return refuse(chosen);
    chosen.setCustomValidity("");
    chosen.files = event.dataTransfer.files;
    then();
  }));
}
