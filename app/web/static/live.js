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
    if (!wanted || busy || document.hidden) return;
    busy = true;
    wanted = false;
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" }, redirect: "error" });
      if (answer.ok) await put(await answer.text());
    } catch {
      wanted = true; // the server is away: with the next version, or when the page is looked at again
    } finally {
      busy = false;
    }
    if (known !== null && wanted && !document.hidden) setTimeout(look, 1000);
  };

  const open = () => {
    const stream = new EventSource("/events");
    stream.addEventListener("version", (event) => {
      if (known !== event.data) wanted = known !== null || document.querySelector("[data-live=at-once]") !== null;
      known = event.data;
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
