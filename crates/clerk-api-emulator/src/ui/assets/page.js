// What makes the pages handier. All of them work without it, but for what is live.
"use strict";

// A note is read once: its number does not belong into bookmarks.
const address = new URL(location.href);
if (address.searchParams.has("said")) {
  address.searchParams.delete("said");
  history.replaceState(null, "", address);
}

// Questions close with Escape, by a click elsewhere, and when another one opens.
const close = (but) => {
  for (const open of document.querySelectorAll("details.confirm[open]")) {
    if (!open.contains(but)) open.open = false;
  }
};
document.addEventListener("click", (event) => close(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.activeElement?.closest("details.confirm[open]");
  close(null);
  open?.querySelector("summary").focus();
});

let shown = location.pathname;

// Small forms that come back to the same page do so without losing the place on it.
const stay = async (form, submitter) => {
  const token = document.querySelector("meta[name=csrf-token]").content;
  const answer = await fetch(form.action, {
    method: "POST",
    headers: { "x-csrf-token": token },
    body: new URLSearchParams(new FormData(form, submitter)),
  });
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  const main = document.querySelector("main");
  if (new URL(answer.url).pathname !== location.pathname) {
    const title = next.title;
    history.pushState(null, "", answer.url.replace(/\?said=\d+$/, ""));
    document.body.replaceWith(next.body);
    document.title = title;
    shown = location.pathname;
    scrollTo(0, 0);
  } else {
    main.replaceWith(next.querySelector("main"));
  }
  document.querySelector(".note, h1")?.setAttribute("tabindex", "-1");
  document.querySelector(".note, h1")?.focus({ preventScroll: true });
  live();
  soon();
};
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-stay]")) return;
  event.preventDefault();
  stay(event.target, event.submitter).catch(() => location.reload());
});
// The way back to a page that was taken from here; not the way to a place on the same page.
addEventListener("popstate", () => {
  if (location.pathname !== shown) location.reload();
});

// What is about to change is looked at again until it has.
const look = async () => {
  const answer = await fetch(location.href);
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const old of document.querySelectorAll("[data-soon]")) {
    const changed = next.getElementById(old.id);
    if (changed && !old.contains(document.activeElement)) old.replaceWith(changed);
  }
  soon();
};
let glance;
function soon() {
  clearTimeout(glance);
  if (!document.querySelector("[data-soon]")) return;
  // A server that is gone has nothing new.
  glance = setTimeout(() => look().catch(() => {}), 1_000);
}
soon();

// The log goes on by itself.
let stream;
function live() {
  stream?.close();
  const log = document.querySelector("tbody[data-stream]");
  if (!log) return;
  const sign = document.querySelector(".live");
  const pause = document.querySelector("#pause");
  const waiting = [];
  const show = () => {
    if (waiting.length === 0 || pause.getAttribute("aria-pressed") === "true") return;
    log.insertAdjacentHTML("afterbegin", waiting.reverse().join(""));
    waiting.length = 0;
    for (const hidden of document.querySelectorAll(".wide[hidden]")) hidden.hidden = false;
    for (const empty of document.querySelectorAll("main > .empty")) empty.hidden = true;
    while (log.rows.length > Number(log.dataset.rows)) log.deleteRow(-1);
  };
  stream = new EventSource(log.dataset.stream);
  stream.onopen = () => (sign.hidden = false);
  stream.onerror = () => (sign.hidden = true);
  stream.onmessage = (event) => {
    waiting.push(event.data);
    if (waiting.length > Number(log.dataset.rows)) waiting.shift();
    if (waiting.length === 1) requestAnimationFrame(show);
  };
  pause.hidden = false;
  pause.onclick = () => {
    const paused = pause.getAttribute("aria-pressed") !== "true";
    pause.setAttribute("aria-pressed", String(paused));
    pause.textContent = paused ? "Go on" : "Pause";
    show();
  };
}
live();
