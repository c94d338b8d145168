// Days are typed as dd/mm/yyyy, whatever the language of the browser. Beside the field stands the browser's own calendar
// (by a click, or Alt and arrow down in the field); without this script the field alone does.
(function () {
  "use strict";
  const typed = /^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*$/;

  function toIso(text) {
    const found = typed.exec(text);
    return found ? `${found[3]}-${found[2].padStart(2, "0")}-${found[1].padStart(2, "0")}` : "";
  }

  function withCalendar(field) {
    const calendar = document.createElement("input");
    if (!calendar.showPicker) return;
    calendar.type = "date";
    calendar.tabIndex = -1;
    calendar.title = field.dataset.day;
    calendar.max = field.dataset.latest || "";
    calendar.setAttribute("aria-hidden", "true");
    const open = () => {
      calendar.value = toIso(field.value);
      calendar.showPicker();
    };
    calendar.addEventListener("click", open);
    field.addEventListener("keydown", (event) => {
      if (event.altKey && event.key === "ArrowDown") { event.preventDefault(); open(); }
    });
    calendar.addEventListener("change", () => {
      if (!calendar.value) return;
      field.value = calendar.value.split("-").reverse().join("/");
      field.dispatchEvent(new Event("change", { bubbles: true }));
      field.focus();
    });
    field.closest(".day").append(calendar);
  }

  document.querySelectorAll("input[data-day]").forEach(withCalendar);
})();
