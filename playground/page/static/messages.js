// Messages by keyboard and ear: a list is one tab stop, arrows go between its messages, Tab goes into the one that has the focus.
"use strict";

const boxes = ["messages", "replies"].map((id) => document.getElementById(id));
const within = "a[href], button, select, input, textarea, summary";
const messagesOf = (box) => [...box.children];

// The stop is the message focused last; until one was, or when it was the newest, the newest.
function rove(box) {
  const items = messagesOf(box), focused = items.find((item) => item.contains(document.activeElement));
  if (focused) box.stop = focused === items.at(-1) ? "" : focused.id;
  const stop = focused || items.find((item) => item.id === box.stop) || items.at(-1);
  for (const item of items) {
    item.tabIndex = item === stop ? 0 : -1;
    for (const control of item.querySelectorAll(within)) control.tabIndex = item === focused ? 0 : -1;
    for (const table of item.querySelectorAll(".table")) table.tabIndex = table.scrollWidth > table.clientWidth ? 0 : -1; // wide ones scroll by keyboard
  }
}
document.addEventListener("focusin", () => boxes.forEach(rove));
addEventListener("resize", () => boxes.forEach(rove));

for (const box of boxes) box.addEventListener("keydown", (event) => {
  const item = event.target.closest("article"), isItem = event.target === item;
  if (!item || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && !isItem) { event.stopPropagation(); item.focus(); return; }
  if (!isItem && !event.target.matches("button")) return; // arrows are the menu's, the field's or the table's own
  const items = messagesOf(box), at = items.indexOf(item);
  const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: items.length - 1 }[event.key];
  if (to !== undefined) { event.preventDefault(); items[to]?.focus(); }
  else if (isItem && ["Enter", "ArrowRight", "t"].includes(event.key)) { event.preventDefault(); item.querySelector("[data-thread]")?.click(); }
});

// Where the focus is, in words that outlive a repainting: the element, else what stands for it, else its message, else the first
// button of the region, else the composer.
function placeOf(element) {
  return { element, key: element?.dataset?.key, article: element?.closest?.("article")?.id };
}
function focusAgain({ element, key, article, region }) {
  const message = article && document.getElementById(article);
  const same = key && (message || document).querySelector(`[data-key="${CSS.escape(key)}"]`);
  const found = element?.isConnected && element !== document.body ? element : same || message || region?.querySelector("button") || document.getElementById("say");
  found.focus({ preventScroll: true });
}

// New messages are said once; a message edited in place, as progress is, stays quiet, as in Slack.
function hear(items) {
  const heard = document.getElementById("heard");
  for (const item of items) {
    const line = document.createElement("p");
    line.textContent = `${item.getAttribute("aria-label")}: ${item.querySelector(".body").innerText}`.slice(0, 300);
    heard.append(line);
  }
  while (heard.children.length > 5) heard.firstChild.remove();
}
