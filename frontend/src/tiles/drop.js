// A file that is dropped on a part of a page is chosen in its form; what else is to be done with it follows.
export function dropped(area, chosen, then = () => {}) {
  ["dragover", "dragleave", "drop"].forEach((name) => area.addEventListener(name, (event) => {
    event.preventDefault();
    area.classList.toggle("over", name === "dragover");
    if (name !== "drop" || !event.dataTransfer.files.length) return;
    chosen.files = event.dataTransfer.files;
    then();
  }));
}
