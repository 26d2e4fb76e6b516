// A page that is open shows what is new: when the server says that something changed, the page is fetched again and htmx turns
// its main part into the new one, node by node, so that focus, scrolling and what is being typed stay. Without this file a page
// is complete; it only has to be loaded again by hand. The server sends "version N" and nothing else: all that is shown comes
// from the page itself, for whoever looks at it.
(() => {
  "use strict";
  const main = document.getElementById("main");
  if (!main || !window.EventSource || !window.htmx) return;
  let known = null; // the last number that the server said
  let wanted = false; // something changed, and was not fetched yet
  let busy = false;
  let free = 0; // when the next look may begin, in milliseconds of this page
  let later = 0; // the timer that waits for that

  // A call is followed at once. Other pages are many: they do not all ask at the same moment, and when a lot happens not often.
  const atOnce = () => main.querySelector("[data-live=at-once]") !== null;

  // What people did in a page is theirs: what they typed stays until it is sent, and what they opened stays open.
  htmx.registerExtension("rounds-live", {
    htmx_before_morph_attr: (one, detail) => {
      if (detail.attrName === "open" && one.tagName === "DETAILS") return false;
      return !(detail.attrName === "value" && one.tagName === "INPUT" && one.type !== "hidden" && one.value !== one.defaultValue);
    },
  });

  const put = async (text) => {
    await htmx.swap({ sourceElement: main, target: "#main", select: "#main", swap: "outerMorph", text });
    document.dispatchEvent(new CustomEvent("rounds:fresh"));
  };

  const look = async () => {
    if (!wanted || busy || later || document.hidden) return;
    const wait = free - performance.now();
    if (wait > 0) {
      later = setTimeout(() => { later = 0; look(); }, wait);
      return;
    }
    busy = true;
    wanted = false;
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" }, redirect: "error" });
      if (answer.ok) await put(await answer.text());
    } catch {
      wanted = true; // the server is away: again soon
      free = performance.now() + 2000;
    } finally {
      busy = false;
      free = Math.max(free, performance.now() + (atOnce() ? 250 : 10000));
    }
    look();
  };

  const open = () => {
    const stream = new EventSource("/events");
    stream.addEventListener("version", (event) => {
      if (known !== event.data) wanted = known !== null || atOnce();
      known = event.data;
      if (!atOnce()) free = Math.max(free, performance.now() + 1000 * Math.random());
      look();
    });
    stream.addEventListener("error", () => {
      if (stream.readyState === EventSource.CLOSED) setTimeout(open, 15000); // too many pages are open; the browser itself gives up
    });
    window.addEventListener("pagehide", () => stream.close(), { once: true });
  };

  open();
  window.rounds = { put }; // for scripts of single pages: shows the page that this text is
  document.addEventListener("visibilitychange", look);
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
