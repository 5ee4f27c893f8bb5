// Data tables: sort by a column, turn pages. Without this script every row is there.

export function prepareTables(root) {
  for (const table of root.querySelectorAll("[data-table]")) wire(table);
}

function wire(table) {
  const size = Number(table.dataset.pageSize);
  const body = table.querySelector("tbody");
  const pager = table.querySelector(".pager");
  const [back, next] = pager.querySelectorAll("button");
  let page = 0;

  function show() {
    const rows = [...body.rows];
    const pages = Math.ceil(rows.length / size);
    page = Math.min(Math.max(page, 0), pages - 1);
    rows.forEach((row, index) => (row.hidden = Math.floor(index / size) !== page));
    pager.hidden = pages < 2;
    pager.querySelector("[role=status]").textContent = `Page ${page + 1} of ${pages}`;
    back.disabled = page === 0;
    next.disabled = page === pages - 1;
  }

  function sort(button) {
    const header = button.closest("th");
    const column = Number(button.dataset.sort);
    const down = header.ariaSort === "ascending";
    for (const each of table.querySelectorAll("thead th")) each.ariaSort = null;
    header.ariaSort = down ? "descending" : "ascending";
    const rows = [...body.rows].sort((a, b) => compare(a.cells[column], b.cells[column]) * (down ? -1 : 1));
    body.replaceChildren(...rows);
    page = 0;
    show();
  }

  table.addEventListener("click", (event) => {
    const { sort: column, turn } = event.target.dataset;
    if (column !== undefined) sort(event.target);
    if (turn !== undefined) {
      page += Number(turn);
      show();
    }
  });
  show();
}

function compare(a, b) {
  if (a.dataset.value !== undefined && b.dataset.value !== undefined) return a.dataset.value - b.dataset.value;
  return a.textContent.localeCompare(b.textContent, undefined, { numeric: true });
}
