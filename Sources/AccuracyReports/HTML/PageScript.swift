/// The script of the page: sorting and filtering of what is there already.
enum PageScript {
  static var markup: Markup { Markup(trusted: text) }

  private static let text: StaticString = #"""

    (function () {
      "use strict";

      function cellValue(row, index, isNumber) {
        const cell = row.cells[index];
        if (!isNumber) return cell.textContent.trim();
        const text = cell.dataset.v;
        return text === "inf" ? Infinity : text === "-inf" ? -Infinity : text === "" ? NaN : Number(text);
      }

      const words = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

      function sortBy(table, header, descending) {
        const index = header.cellIndex;
        const isNumber = header.dataset.sort === "n";
        const body = table.tBodies[0];
        const rows = Array.from(body.rows, function (row, place) {
          return { row: row, place: place, value: cellValue(row, index, isNumber) };
        });
        rows.sort(function (a, b) {
          let order = 0;
          if (isNumber) {
            const aMissing = Number.isNaN(a.value);
            const bMissing = Number.isNaN(b.value);
            if (aMissing || bMissing) return (aMissing - bMissing) || a.place - b.place;
            order = a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
          } else {
            order = words.compare(a.value, b.value);
          }
          return (descending ? -order : order) || a.place - b.place;
        });
        body.append.apply(body, rows.map(function (entry) { return entry.row; }));
        for (const other of table.tHead.rows[0].cells) {
          if (other.dataset.sort) other.setAttribute("aria-sort", "none");
        }
        header.setAttribute("aria-sort", descending ? "descending" : "ascending");
      }

      for (const table of document.querySelectorAll("table.sortable")) {
        for (const header of table.tHead.rows[0].cells) {
          if (!header.dataset.sort) continue;
          const button = document.createElement("button");
          button.type = "button";
          button.append.apply(button, header.childNodes);
          header.append(button);
          header.setAttribute("aria-sort", "none");
          button.addEventListener("click", function () {
            const now = header.getAttribute("aria-sort");
            const first = header.dataset.sort === "n";
            sortBy(table, header, now === "none" ? first : now === "ascending");
          });
        }
      }

      function filter(controls, items, count, matches) {
        if (!controls) return;
        const output = controls.querySelector("output");
        function update() {
          let shown = 0;
          for (const item of items) {
            const fits = matches(item);
            item.hidden = !fits;
            if (fits) shown += 1;
          }
          output.textContent = shown === items.length ? items.length + " " + count
            : shown + " of " + items.length + " " + count;
        }
        controls.hidden = false;
        controls.addEventListener("input", update);
        update();
      }

      function contains(item, input) {
        const query = input.value.trim().toLowerCase();
        return query.split(/\s+/).every(function (word) { return item.textContent.toLowerCase().includes(word); });
      }

      const byId = function (id) { return document.getElementById(id); };
      const table = byId("tensor-table");
      filter(byId("tensor-controls"), table ? Array.from(table.tBodies[0].rows) : [], "tensors", function (row) {
        return contains(row, byId("tensor-filter"))
          && (!byId("tensor-part").value || row.dataset.part === byId("tensor-part").value)
          && (!byId("tensor-inexact").checked || !row.classList.contains("exact"));
      });
      const list = byId("answer-list");
      filter(byId("answer-controls"), list ? Array.from(list.children) : [], "answers", function (card) {
        return contains(card, byId("answer-filter"))
          && (!byId("answer-outcome").value || card.dataset.outcome === byId("answer-outcome").value);
      });
    })();

    """#
}
