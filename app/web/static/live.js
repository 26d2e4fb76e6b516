// A page that is open shows what is new: when the server says that something changed, the page is fetched again and its
// main part takes the place of the old one. Without this file a page is complete; it only has to be loaded again by hand.
// The server sends "version N" and nothing else, so all that is shown comes from the page itself, for whoever looks at it.
(() => {
  "use strict";
  const main = document.getElementById("main");
  if (!main || !window.EventSource) return;
  let known = null; // the last number that the server said
  let wanted = false; // something changed, and was not fetched yet
  let busy = false;

  // Nobody's typing is taken away: what was begun in a field stays until it is sent or emptied.
  const typing = () => [...main.querySelectorAll("input:not([type=hidden]), textarea")].some((one) => one.value !== one.defaultValue);

  // Open details and the focus are as they were; both are found again by their id or their place.
  const place = (one) => (one && main.contains(one) ? one.id || [...main.querySelectorAll(one.tagName)].indexOf(one) : null);
  const opened = () => [...main.querySelectorAll("details")].map((one) => one.open);

  const put = (fresh) => {
    const focus = document.activeElement, tag = focus && focus.tagName, where = place(focus), open = opened();
    main.replaceChildren(...fresh.childNodes);
    main.querySelectorAll("details").forEach((one, index) => { one.open = open[index] ?? one.open; });
    const back = typeof where === "string" ? document.getElementById(where) : where === null ? null : main.querySelectorAll(tag)[where];
    if (back) back.focus({ preventScroll: true });
    document.dispatchEvent(new CustomEvent("rounds:fresh"));
  };

  const look = async () => {
    if (!wanted || busy || document.hidden || typing()) return;
    busy = true;
    wanted = false;
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" }, redirect: "error" });
      if (answer.ok) {
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("main");
        if (fresh && !typing() && fresh.innerHTML !== main.innerHTML) put(fresh);
      }
    } catch {
      wanted = true; // the server is away: with the next version, or when the page is looked at again
    } finally {
      busy = false;
    }
  };

  const stream = new EventSource("/events");
  stream.addEventListener("version", (event) => {
    if (known !== null && event.data !== known) wanted = true;
    known = event.data;
    look();
  });
  document.addEventListener("visibilitychange", look);
  main.addEventListener("focusout", () => setTimeout(look));
  window.addEventListener("pagehide", () => stream.close());
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
