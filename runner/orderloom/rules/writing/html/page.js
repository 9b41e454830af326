"use strict";
// Shows the rows that have every word of the box, and says how many they are.
(() => {
  const form = document.querySelector("form.filter");
  const words = document.getElementById("filter");
  const marked = document.getElementById("marked");
  const shown = document.getElementById("shown");
  const none = document.querySelector("p.none");
  const rows = [...document.querySelectorAll("table.rules > tbody > tr")];
  const texts = rows.map((row) => row.textContent.toLocaleLowerCase());
  const show = () => {
    const asked = words.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    rows.forEach((row, at) => {
      const fits = asked.every((word) => texts[at].includes(word)) && !(marked && marked.checked && !row.className);
      row.hidden = !fits;
      count += fits ? 1 : 0;
    });
    shown.textContent = count === rows.length ? "" : `${count} of ${rows.length} rows`;
    if (none) none.hidden = count > 0 || rows.length === 0;
  };
  form.hidden = rows.length < 2;
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
})();
