// A display that nobody touches for weeks: asks every half minute, turns the pages, says when what it shows is old.
"use strict";

const EVERY = 30000; // ask the server
const TURN = 12000; // show the next page of cards
const PATIENCE = 15000; // an answer that takes longer does not come
const ANEW = 6 * 3600 * 1000; // load all of it anew, so that nothing piles up
const began = Date.now();
const holder = document.getElementById("cards");
const old = document.getElementById("old");
const oldText = old.textContent;
let leaf = 0;

const board = () => document.getElementById("board");
const cardsOf = () => [...holder.querySelectorAll(".card")];

function stale() {
  old.textContent = oldText.replace("<>", board().dataset.at);
  old.hidden = false;
  lay();
}

async function ask() {
  try {
    const answer = await fetch(document.body.dataset.cards, {
      headers: { "HX-Request": "true" }, cache: "no-store", redirect: "error", signal: AbortSignal.timeout(PATIENCE),
    });
    // A login that is over: the page itself asks for another.
    if (answer.headers.has("hx-redirect")) return location.reload();
    if (!answer.ok) return stale();
    const shown = board().dataset.shows;
    holder.innerHTML = await answer.text();
    if (Date.now() - began > ANEW || board().dataset.shows !== shown) return location.reload();
    old.hidden = true;
    document.getElementById("day").textContent = board().dataset.day;
    document.getElementById("clock").textContent = board().dataset.at;
    lay();
  } catch {
    stale();
  }
}

// How many cards fit, by the size of the grid and of the rows in it; the others wait for their turn.
function fitting() {
  const grid = holder.querySelector(".grid");
  const cards = cardsOf();
  for (const card of cards) card.hidden = false;
  if (getComputedStyle(grid).overflowY !== "hidden" || !cards.length) return cards.length;
  const bottom = grid.getBoundingClientRect().bottom;
  const full = cards.findIndex((card) => card.getBoundingClientRect().bottom > bottom + 1);
  return full === -1 ? cards.length : Math.max(full, 1);
}

function lay() {
  const cards = cardsOf();
  const each = fitting();
  const leaves = Math.max(1, Math.ceil(cards.length / each));
  leaf %= leaves;
  cards.forEach((card, n) => { card.hidden = Math.floor(n / each) !== leaf; });
  const mark = document.getElementById("leaf");
  if (mark) mark.textContent = leaves > 1 ? `${leaf + 1} / ${leaves}` : "";
  return leaves;
}

function turn() {
  leaf += 1;
  if (lay() > 1) {
    holder.classList.remove("shown");
    void holder.offsetWidth;
    holder.classList.add("shown");
  }
}

document.body.classList.add("turning");
lay();
setInterval(ask, EVERY);
setInterval(turn, TURN);
addEventListener("resize", lay);
addEventListener("online", ask);
