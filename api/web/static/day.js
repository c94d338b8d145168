// Days are typed as dd/mm/yyyy, whatever the language of the browser. A button beside the field opens the browser's own
// calendar; without this script, or where a browser has none to open, the field alone does.
(function () {
  "use strict";
  const typed = /^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*$/;

  function toIso(text) {
    const found = typed.exec(text);
    return found ? `${found[3]}-${found[2].padStart(2, "0")}-${found[1].padStart(2, "0")}` : "";
  }

  function withCalendar(field) {
    const calendar = document.createElement("input");
    calendar.type = "date";
    calendar.tabIndex = -1;
    calendar.setAttribute("aria-hidden", "true");
    if (!calendar.showPicker) return;
    calendar.max = field.dataset.latest || "";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "calendar";
    button.title = field.dataset.day;
    button.setAttribute("aria-label", field.dataset.day);
    button.addEventListener("click", () => {
      calendar.value = toIso(field.value);
      calendar.showPicker();
    });
    calendar.addEventListener("change", () => {
      if (!calendar.value) return;
      field.value = calendar.value.split("-").reverse().join("/");
      field.dispatchEvent(new Event("change", { bubbles: true }));
      field.focus();
    });
    field.closest(".day").append(calendar, button);
  }

  document.querySelectorAll("input[data-day]").forEach(withCalendar);
})();
