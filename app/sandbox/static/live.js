// Keeps the page as the world is: when the server says that something changed, the page is fetched again and the parts
// marked data-live are put in place, child by child, so that what one is typing, or has focused, stays.
"use strict";

const news = document.getElementById("news");
let version = document.body.dataset.version;
let source = null;
let fetching = false;
let again = false;

function busy(element) {
  return element.contains(document.activeElement) || element.querySelector("details[open]") !== null;
}

function byId(parent, id) {
  return Array.from(parent.children).find((child) => child.id === id);
}

function putChildren(from, into) {
  const wanted = new Set(Array.from(from.children, (child) => child.id));
  Array.from(into.children).filter((child) => !wanted.has(child.id)).forEach((child) => child.remove());
  Array.from(from.children).forEach((fresh, place) => {
    const old = byId(into, fresh.id);
    if (old && (old.outerHTML === fresh.outerHTML || busy(old))) {
      return;
    }
    if (old) {
      old.replaceWith(fresh.cloneNode(true));
      return;
    }
    const added = document.importNode(fresh, true);
    added.classList.add("arrived");
    into.insertBefore(added, into.children[place] || null);
    added.addEventListener("animationend", () => added.classList.remove("arrived"));
    news.textContent = added.textContent.replace(/\s+/g, " ").trim().slice(0, 160);
  });
}

function put(page) {
  version = page.body.dataset.version;
  const colors = document.getElementById("label-colors");
  const fresh = page.getElementById("label-colors");
  if (colors.getAttribute("href") !== fresh.getAttribute("href")) {
    colors.setAttribute("href", fresh.getAttribute("href"));
  }
  document.title = page.title;
  document.querySelectorAll("[data-live]").forEach((part) => {
    const now = page.getElementById(part.id);
    if (!now) {
      return;
    }
    const children = Array.from(now.children);
    if (children.length && children.every((child) => child.id)) {
      putChildren(now, part);
    } else if (part.innerHTML !== now.innerHTML && !busy(part)) {
      part.replaceChildren(...Array.from(now.childNodes, (node) => document.importNode(node, true)));
    }
  });
}

async function refresh() {
  if (fetching) {
    again = true;
    return;
  }
  fetching = true;
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (answer.ok) {
      put(new DOMParser().parseFromString(await answer.text(), "text/html"));
    }
  } catch {
    // The server is away; the event source tries again by itself.
  } finally {
    fetching = false;
  }
  if (again) {
    again = false;
    refresh();
  }
}

function listen() {
  if (source || document.hidden || !document.querySelector("[data-live]")) {
    return;
  }
  source = new EventSource("/changes?since=" + encodeURIComponent(version));
  source.addEventListener("message", refresh);
}

// A hidden page gives its connection back: browsers allow six to a server.
document.addEventListener("visibilitychange", () => {
  if (document.hidden && source) {
    source.close();
    source = null;
  }
  listen();
});
addEventListener("pagehide", () => source && source.close());

function say(form, words) {
  const mistake = form.querySelector(".mistake");
  mistake.textContent = words;
  mistake.hidden = !words;
}

function speaker() {
  const chosen = document.querySelector("input[name=as]:checked, .answer select[name=as]");
  return chosen ? chosen.value : null;
}

// A form without a choice of its own acts as whoever is chosen where one writes.
function fields(form, button) {
  const data = new URLSearchParams(new FormData(form));
  if (button && button.name) {
    data.append(button.name, button.value);
  }
  if (form.matches("[data-as]") && speaker()) {
    data.set("as", speaker());
  }
  return data;
}

async function send(form, button) {
  button.disabled = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body: fields(form, button) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok) {
      const details = Array.from(page.querySelectorAll(".refusal .detail"), (detail) => detail.textContent);
      say(form, [page.querySelector(".refusal h1")?.textContent || "That did not work", ...details].join(": "));
      return;
    }
    say(form, "");
    const details = form.closest("details");
    if (details) {
      details.open = false;
      details.querySelector("summary").focus();
      document.activeElement.blur();
    } else if (form.querySelector("textarea")) {
      form.querySelector("textarea").value = "";
    } else {
      button.blur();
    }
    put(page);
  } catch {
    say(form, "The server did not answer. Try again.");
  } finally {
    button.disabled = false;
  }
}

document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-quiet]")) {
    event.preventDefault();
    send(event.target, event.submitter || event.target.querySelector("button"));
  }
});

document.addEventListener("keydown", (event) => {
  const chat = event.target.matches("[data-enter] textarea") && !event.shiftKey && !event.isComposing;
  if (event.key === "Enter" && event.target.matches("textarea") && (chat || event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
});

document.addEventListener("click", (event) => {
  const hint = event.target.closest("[data-insert]");
  if (!hint) {
    return;
  }
  const form = hint.closest("form");
  const person = form.querySelector('input[name=as][value="' + (hint.dataset.person || "") + '"]');
  if (person) {
    person.checked = true;
    hint.classList.add("said-already");
  }
  const box = form.querySelector("textarea");
  const start = box.value && !box.value.endsWith("\n") ? box.value + "\n" : box.value;
  box.value = start + hint.dataset.insert;
  box.focus();
});

listen();
