// Asks for the hall's present state while somebody may be looking, and keeps the place where he was.
"use strict";

const EVERY = 25000;
const now = document.getElementById("now");
let last = Date.now();

function refresh() {
  if (document.hidden) return;
  last = Date.now();
  now.dispatchEvent(new Event("refresh"));
}

setInterval(refresh, EVERY);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && Date.now() - last > EVERY) refresh();
});

// Tables that were scrolled sideways stay so; htmx itself keeps the focus of what has an id.
let places = [];
now.addEventListener("htmx:beforeSwap", () => {
  const inside = document.activeElement;
  places = [...now.querySelectorAll(".scroll")].map((part) => [part.scrollLeft, part === inside]);
});
now.addEventListener("htmx:afterSettle", () => {
  [...now.querySelectorAll(".scroll")].forEach((part, n) => {
    const [left, focused] = places[n] || [0, false];
    part.scrollLeft = left;
    if (focused) part.focus({ preventScroll: true });
  });
});
