// Small comforts; every page works without them.
(function () {
  "use strict";
  // Filters apply as soon as one is chosen by pointer. Keys move through the choices of a select one by one, so with the
  // keyboard the button applies them; typing a day waits until it is whole.
  document.querySelectorAll("form[data-auto]").forEach((form) => {
    let byKeys = false;
    form.addEventListener("keydown", () => { byKeys = true; });
    form.addEventListener("pointerdown", () => { byKeys = false; });
    form.addEventListener("change", (event) => {
      if (event.target.matches("select") && !byKeys) form.requestSubmit();
    });
    // Empty filters need not stand in the address.
    form.addEventListener("submit", () => {
      form.querySelectorAll("select, input").forEach((field) => { if (!field.value) field.disabled = true; });
    });
  });
  // Coming back by the browser's own button, the fields are to be used again.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-auto] :disabled").forEach((field) => { field.disabled = false; });
  });
  // On a phone the filters fold away until they are wanted or used.
  if (matchMedia("(max-width: 40rem)").matches) document.querySelectorAll("details.folded:not([data-used])").forEach((part) => { part.open = false; });
  // Names as one types, where the page may ask for them.
  document.querySelectorAll("input[data-suggest]").forEach((field) => {
    const list = document.getElementById(field.getAttribute("list"));
    let asked = 0;
    field.addEventListener("input", () => {
      const text = field.value.trim();
      const mine = (asked += 1);
      if (text.length < 2) { list.replaceChildren(); return; }
      setTimeout(async () => {
        if (mine !== asked) return;
        const answer = await fetch(field.dataset.suggest + encodeURIComponent(text));
        if (!answer.ok || mine !== asked) return;
        const items = (await answer.json()).items;
        list.replaceChildren(...items.map((one) => {
          const option = document.createElement("option");
          option.value = one.detail && one.kind !== "former" ? one.name + ", " + one.detail : one.name;
          return option;
        }));
      }, 120);
    });
  });
  // Where a map in the page stands, and what is open on it, is in the page's address: a link and the button back show it.
  document.querySelectorAll(".map iframe").forEach((frame) => {
    window.addEventListener("message", (event) => {
      const said = event.source === frame.contentWindow && event.origin === location.origin && event.data && event.data.diaban;
      if (!said) return;
      if (said.ready && location.hash.startsWith("#map=")) frame.contentWindow.postMessage({ diaban: { open: location.hash } }, location.origin);
      if (typeof said.view === "string" && said.view.startsWith("#map=")) history.replaceState(history.state, "", said.view);
    });
  });
  // Several actions share the form of a list: Enter in the field of one presses its own button, not the first one's.
  document.querySelectorAll(".acts details").forEach((act) => {
    act.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.target.matches("input")) return;
      event.preventDefault();
      act.querySelector("button").click();
    });
  });
  // A form that is being sent is not sent twice; one that its page held back is not being sent.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("form[method=post]")) return;
    if (form.dataset.sent && !("again" in form.dataset)) event.preventDefault();
    form.dataset.sent = "1";
  });
  // What a refused form or a saved entry says is read out first.
  const status = document.querySelector("[role=alert], .notice.good[role=status]");
  if (status) { status.setAttribute("tabindex", "-1"); status.focus(); }
})();
