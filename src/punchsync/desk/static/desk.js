// The few things that HTML and htmx leave to a script; every page works without it.
"use strict";

// The menu is open beside a wide page and closed above a narrow one.
const side = document.querySelector("details.side");
if (side && window.matchMedia("(max-width: 60rem)").matches) side.open = false;

// A server that can't be reached is said once, where the reader is.
function unreachable() {
  const main = document.querySelector("main");
  if (!main || main.querySelector(".unreachable")) return;
  const line = document.createElement("p");
  line.className = "wrong unreachable";
  line.setAttribute("role", "alert");
  line.textContent = document.documentElement.lang === "en"
    ? "The server can't be reached; what is shown may be old."
    : "连不上服务器，显示的内容可能已经过时。";
  main.prepend(line);
}
document.addEventListener("htmx:sendError", unreachable);
document.addEventListener("htmx:afterOnLoad", () => document.querySelector(".unreachable")?.remove());

// A button that prints the page, and forms that are sent once however often the button is pressed.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  else if (form.method === "post" && !form.hasAttribute("hx-post")) form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
