// The keys of a call page, and its clock. Every key does what a form or a button on the page does as well, so that the page is
// complete without this file. Keys count only while nobody types into a field.
(() => {
  "use strict";
  const fields = "input:not([type=hidden]), textarea, select";

  // A button that begins a command fills the line and leaves the rest to the person: nothing is done before "Do it".
  const begin = (button) => {
    const line = document.getElementById("command");
    line.value = line.dataset.about + button.dataset.line;
    line.focus();
  };

  const show = () => document.querySelectorAll("button[data-line]").forEach((one) => { one.hidden = false; });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (event.target.closest(fields)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const found = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!found) return;
    event.preventDefault();
    if (found.tagName === "FORM") found.requestSubmit();
    else begin(found);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-line]");
    if (button) begin(button);
  });

  // How long the item has been talked about. The server's own figure stands there until the first tick.
  const tick = () => document.querySelectorAll("time.clock").forEach((one) => {
    const seconds = Math.max(0, Math.floor((Date.now() - Number(one.dataset.since) + Number(one.dataset.spent)) / 1000));
    one.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  });
  setInterval(tick, 1000);
  document.addEventListener("rounds:fresh", () => { show(); tick(); });
  show();
})();
