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
