// The places that words may mean, as somebody types them: numbered in a list and on the map of the form; the one that is
// chosen is the route of the form.
const WAIT_MS = 400, LEAST = 4;
const FORMAT = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 0 });

export function words(form, map) {
  const list = form.querySelector("[data-offered]"), { words: said, ward } = form.elements;
  let round = 0, timer = 0;

  function item({ properties: facts }, i, asked) {
    const line = document.createElement("li"), button = document.createElement("button");
    button.type = "button";
    button.className = "second";
    button.textContent = `${i + 1}. ${facts.name}`;
    button.addEventListener("click", () => take(i, asked));
    const wards = facts.wards.map(({ name }) => name).join(", ");
    line.append(button, ` ${[facts.length_m ? `${FORMAT.format(facts.length_m)} m` : "", wards].filter(Boolean).join(" · ")}`);
    return line;
  }

  function take(i, asked) {
    [...list.children].forEach((line, at) => line.firstChild.setAttribute("aria-pressed", String(at === i)));
    map.take({ ...asked, choose: i });
  }

  function show(found, asked) {
    list.replaceChildren(...found.map((one, i) => item(one, i, asked)));
    if (found.length) map.offer(found, (i) => take(i, asked));
    else list.append(Object.assign(document.createElement("li"), { textContent: list.dataset.none }));
  }

  // A ward that nobody knows, say: what is wrong with the words stands where the places would.
  function refuse({ problems, detail, title }) {
    const lines = problems?.length ? problems.map(({ what, remedy }) => [what, remedy && `${remedy[0].toUpperCase()}${remedy.slice(1)}`].filter(Boolean).join(". ")) : [detail || title];
    list.replaceChildren(...lines.map((text) => Object.assign(document.createElement("li"), { textContent: text, className: "notice" })));
  }

  function ask() {
    const now = (round += 1), asked = { words: said.value.trim(), ward: ward.value.trim() };
    if (asked.words.length < LEAST) { list.replaceChildren(); return; }
    fetch(`${list.dataset.offered}&${new URLSearchParams({ q: asked.words, ward: asked.ward })}`, { credentials: "same-origin" })
      .then((answer) => answer.json())
      .then((said) => { if (now === round) said.features ? show(said.features, asked) : refuse(said); })
      .catch(() => { if (now === round) list.replaceChildren(); });
  }

  [said, ward].forEach((field) => field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, WAIT_MS); }));
}
