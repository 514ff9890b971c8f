// Shows what has changed while a trace runs, and opens the call that an address names.
"use strict";

const SECONDS = 2;

function openNamed() {
  const named = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const details = named && named.querySelector("details");
  if (details) {
    details.open = true;
    named.scrollIntoView({ block: "center" });
  }
}

function kept(main) {
  const open = [...main.querySelectorAll("details[id]")].map((each) => [each.id, each.open]);
  const folded = [...main.querySelectorAll("input.fold:checked")].map((each) => each.id);
  return { open, folded };
}

function restore(main, { open, folded }) {
  for (const [id, isOpen] of open) {
    const details = main.querySelector(`#${CSS.escape(id)}`);
    if (details) details.open = isOpen;
  }
  for (const id of folded) {
    const fold = main.querySelector(`#${CSS.escape(id)}`);
    if (fold) fold.checked = true;
  }
}

async function refresh() {
  const main = document.getElementById("main");
  if (!main || !("live" in main.dataset)) return;
  if (!document.hidden && getSelection().isCollapsed) {
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("main");
      if (answer.ok && fresh) {
        restore(fresh, kept(main));
        main.replaceWith(fresh);
      }
    } catch {
      // The server is away for a moment; the next time may be better.
    }
  }
  setTimeout(refresh, SECONDS * 1000);
}

addEventListener("hashchange", openNamed);
openNamed();
setTimeout(refresh, SECONDS * 1000);
