// A report in few taps. It goes into a queue on the phone first and is sent from there: at once, or when there is a
// network again. What the service refuses, or has already, stays in the queue until somebody decides.
(function () {
  "use strict";
  const form = document.getElementById("quick");
  const says = form.dataset;
  const byId = (id) => document.getElementById(id);
  const place = byId("place");
  const SLOW_MS = 20000;

  // ---- the queue: IndexedDB
  function queue(mode, act) {
    return new Promise((resolve, reject) => {
      const opening = indexedDB.open("quick-report", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("queue", { keyPath: "id", autoIncrement: true });
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const done = opening.result.transaction("queue", mode);
        const asked = act(done.objectStore("queue"));
        done.oncomplete = () => { opening.result.close(); resolve(asked.result); };
        done.onerror = () => { opening.result.close(); reject(done.error); };
      };
    });
  }
  const put = (entry) => queue("readwrite", (store) => store.put(entry));
  const drop = (id) => queue("readwrite", (store) => store.delete(id));
  // A phone may pass from hand to hand: each account sends what was entered under it, and in the same list.
  const mine = async () => (await queue("readonly", (store) => store.getAll())).filter((entry) => entry.who === says.who);

  // ---- sending
  let sending = false;
  async function flush() {
    if (sending) return;
    sending = true;
    try {
      const waiting = (await mine()).filter((entry) => entry.state === "waiting");
      const token = waiting.length ? await fresh() : "";
      for (const entry of token ? waiting : []) await send(entry, token);
      if (token) said("");
    } catch (error) {
      said(says.tOffline);  // no network: what waits goes on waiting
    } finally {
      sending = false;
      await show();
    }
  }

  // The page as it is now: whether somebody is signed in, and the token that a write must bring.
  async function fresh() {
    const answer = await ask(says.page, { cache: "no-store", headers: { Accept: "text/html" } });
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    const form = found.getElementById("quick");
    if (answer.ok && form && form.dataset.who === says.who) return form.elements.csrf_token.value || "-";
    const link = Object.assign(document.createElement("a"), { href: says.login, textContent: says.tLogin });
    byId("said").replaceChildren(link);
    return "";
  }

  // What is wrong: a sentence, or a problem of the service in the language of the page.
  const inWords = (problem) => (typeof problem === "string" ? problem : [problem.what, problem.remedy].filter(Boolean).join("; "));
  // A network that answers nothing is none: what waits is tried again later.
  const ask = (address, options) => fetch(address, { ...options, signal: AbortSignal.timeout(SLOW_MS) });

  async function send(entry, token) {
    const body = new URLSearchParams({ ...entry.report, csrf_token: token === "-" ? "" : token, again: entry.again ? "1" : "" });
    const answer = await ask(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    const found = await answer.json().catch(() => ({}));
    if (answer.status === 201) {
      await drop(entry.id);
      line(byId("sent"), `${says.tSent} ${found.id}`, found.href);
    } else if (answer.status === 409 && found.alike) {
      await put({ ...entry, state: "alike", alike: found.alike });
    } else if (answer.status < 500 && answer.status !== 429 && answer.status !== 401) {
      const problems = (found.problems || [found.detail || String(answer.status)]).map(inWords);
      await put({ ...entry, state: "refused", problems });
    } else {
      said(says.tFailed);
    }
  }

  // ---- what is seen
  const said = (text) => { byId("said").textContent = text; };
  function line(list, text, href) {
    const row = document.createElement("li");
    row.append(href ? Object.assign(document.createElement("a"), { href, textContent: text }) : text);
    list.append(row);
    return row;
  }
  function button(row, text, act) {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "second", textContent: text });
    made.addEventListener("click", async () => { await act(); await show(); flush(); });
    row.append(" ", made);
  }
  // What was refused, back in the form.
  function fill(entry) {
    for (const [name, value] of Object.entries(entry.report)) {
      const field = form.elements[name];
      if (field) field.value = value;
    }
    form.querySelector("details").open = true;
    place.textContent = `${says.tPlace} ${entry.report.lat}, ${entry.report.lon}`;
    form.scrollIntoView();
  }
  async function show() {
    const entries = await mine();
    const list = byId("queue").querySelector("ul");
    list.replaceChildren();
    byId("queue").hidden = !entries.length;
    for (const entry of entries) {
      const row = line(list, entry.label);
      if (entry.state === "alike") {
        row.append(Object.assign(document.createElement("p"), { className: "notice", textContent: `${says.tAlike} ${entry.alike.map((n) => `#${n}`).join(", ")}` }));
        button(row, says.tOther, () => put({ ...entry, state: "waiting", again: true }));
      } else if (entry.state === "refused") {
        row.append(Object.assign(document.createElement("p"), { className: "notice bad", textContent: `${says.tRefused} ${entry.problems.join("; ")}` }));
        button(row, says.tEdit, () => { fill(entry); return drop(entry.id); });
        button(row, says.tAgain, () => put({ ...entry, state: "waiting" }));
      }
      button(row, says.tDrop, () => drop(entry.id));
    }
    byId("net").textContent = navigator.onLine ? "" : says.tOffline;
  }

  // ---- the place, from the device
  byId("locate").addEventListener("click", () => {
    place.textContent = says.tLocating;
    navigator.geolocation.getCurrentPosition(located, () => { place.textContent = says.tNoPlace; }, { enableHighAccuracy: true, timeout: 30000 });
  });
  async function located({ coords }) {
    const [lon, lat] = [coords.longitude.toFixed(6), coords.latitude.toFixed(6)];
    form.elements.lon.value = lon;
    form.elements.lat.value = lat;
    const text = `${says.tPlace} ± ${Math.round(coords.accuracy)} m${coords.accuracy > 100 ? `. ${says.tRough}` : ""}`;
    place.textContent = text;
    try {
      const answer = await ask(`${says.wards}?lon=${lon}&lat=${lat}`);
      if (answer.ok) place.textContent = `${(await answer.json()).full_name} · ${text}`;
    } catch (error) { /* without a network there are the coordinates alone */ }
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(form));
    if (!given.lon) { said(says.tIncomplete); byId("locate").focus(); return; }
    delete given.csrf_token;
    const now = new Date();
    const today = `${String(now.getDate()).padStart(2, "0")}/${String(now.getMonth() + 1).padStart(2, "0")}/${now.getFullYear()}`;
    const report = { ...given, day: given.day || today };
    const kind = form.querySelector("[name=kind]:checked").parentElement.textContent.trim();
    await put({ who: says.who, state: "waiting", report, label: `${report.day} · ${kind} · ${place.textContent}` });
    form.reset();
    ["lon", "lat"].forEach((name) => { form.elements[name].value = ""; });
    place.textContent = "";
    said(says.tQueued);
    await show();
    await flush();
  });

  window.addEventListener("online", flush);
  window.addEventListener("offline", show);
  setInterval(flush, 30000);
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register(says.worker, { scope: says.scope }).then(async () => {
      const cache = await caches.open("quick-report-1");
      const parts = [...document.querySelectorAll("link[href], script[src]")].map((part) => new URL(part.href || part.src).pathname);
      await cache.addAll([says.page, ...parts]);
    }).catch(() => {});  // without one the page works as long as there is a network
  }
  show().then(flush);
})();
