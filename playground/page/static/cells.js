// Pods by keyboard: the cells of a group (a namespace's, the nodes') are one tab stop, and arrows go between them.
"use strict";

const stops = {}; // by group: the key of the cell focused last, which outlives a repainting
const cellsOf = (within) => [...within.querySelectorAll(".cell")];

function roveCells() {
  for (const group of document.querySelectorAll("[data-cells]")) {
    const cells = cellsOf(group), name = group.dataset.cells;
    if (group.contains(document.activeElement)) stops[name] = document.activeElement.dataset.key;
    const stop = cells.find((cell) => cell.dataset.key === stops[name]) || cells[0];
    for (const cell of cells) cell.tabIndex = cell === stop ? 0 : -1;
  }
}
document.addEventListener("focusin", roveCells);

// Left and right through all of them, up and down to the row before and after: of another revision, workload or node.
document.addEventListener("keydown", (event) => {
  const cell = event.target.closest(".cell"), group = cell?.closest("[data-cells]");
  if (!group || event.ctrlKey || event.metaKey || event.altKey) return;
  const cells = cellsOf(group), rows = [...group.querySelectorAll(".cells")].map(cellsOf).filter((row) => row.length);
  const at = cells.indexOf(cell), y = rows.findIndex((row) => row.includes(cell)), x = rows[y].indexOf(cell);
  const to = {
    ArrowLeft: cells[at - 1], ArrowRight: cells[at + 1], Home: cells[0], End: cells.at(-1),
    ArrowUp: rows[y - 1]?.[x] ?? rows[y - 1]?.at(-1), ArrowDown: rows[y + 1]?.[x] ?? rows[y + 1]?.at(-1),
  };
  if (event.key in to) { event.preventDefault(); to[event.key]?.focus(); }
});
