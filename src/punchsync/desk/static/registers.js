// A person who is offered below a field is put into it by a press.
"use strict";

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill]");
  if (!button) return;
  const field = button.closest(".person");
  const input = field.querySelector("input");
  input.value = button.dataset.fill;
  field.querySelector(".meant").replaceChildren();
  input.focus();
});
