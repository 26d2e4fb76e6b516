// The keys of a call page, and its clocks. Every key does what a form or a button on the page does as well, so that the page
// is complete without this file. Keys count only while nobody types into a field.
(() => {
  "use strict";
  document.documentElement.classList.add("scripted"); // shows the buttons that begin a command: without this file they do nothing
  let shown = performance.now(); // when the figures of the clocks were right

  // A button that begins a command fills the line and leaves the rest to the person: nothing is done before "Do it".
  const begin = (button) => {
    const line = document.getElementById("command");
    line.value = line.dataset.about + button.dataset.line;
    line.focus();
    line.setSelectionRange(line.value.length, line.value.length);
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (event.target.closest("input:not([type=hidden]), textarea, select")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const found = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!found) return;
    event.preventDefault();
    if (found.tagName === "FORM") found.requestSubmit();
    else if (found.tagName === "DETAILS") found.open = !found.open;
    else begin(found);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-line]");
    if (button) begin(button);
  });

  // A form is sent beside the page, and the answer morphed into it: no key is lost while a page loads. The line is free for the next
  // command at once; they go one after the other, for each needs the id that the page has after the one before. Where the server
  // does not answer the browser sends the form itself, and says why it can't; each form counts only once.
  let sending = Promise.resolve();
  document.addEventListener("submit", (event) => {
    const form = event.target, line = form.elements.namedItem("command"), said = line?.value;
    if (!window.rounds || !form.closest(".call")) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form, event.submitter));
    if (line) { line.value = line.defaultValue; line.blur(); }
    const send = async () => {
      try {
        if (line) body.set("id", document.querySelector("#line [name=id]").value);
        const answer = await fetch(form.action, { method: "POST", body });
        if (answer.ok) history.replaceState(null, "", answer.url);
        await window.rounds.put(await answer.text());
      } catch {
        if (event.submitter?.name) location.reload();
        else { if (line) line.value = said; form.submit(); }
      }
    };
    sending = sending.then(send);
  });

  // How long the item, and all of them, were talked about: the server's figures go on, whatever time this computer believes in.
  const tick = () => document.querySelectorAll("time.clock").forEach((one) => {
    const seconds = Math.floor((Number(one.dataset.spent) + performance.now() - shown) / 1000);
    one.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  });

  // In a long agenda that scrolls by itself the item of the moment stays in sight, unless its reader scrolled away from it.
  let followed = true;
  const above = () => { // pixels by which the item is out of sight; 0 where it is seen, or nothing scrolls
    const list = document.querySelector("ol.agenda"), item = list && list.querySelector("[aria-current]");
    if (!item || list.scrollHeight <= list.clientHeight) return 0;
    const place = item.getBoundingClientRect(), frame = list.getBoundingClientRect();
    return place.top < frame.top || place.bottom > frame.bottom ? place.top - frame.top - frame.height / 3 : 0;
  };
  const follow = () => { if (followed && above()) document.querySelector("ol.agenda").scrollTop += above(); };

  setInterval(tick, 1000);
  document.addEventListener("scroll", (event) => { if (event.target.matches?.("ol.agenda")) followed = !above(); }, true);
  document.addEventListener("rounds:fresh", () => { shown = performance.now(); tick(); follow(); });
  follow();
})();
