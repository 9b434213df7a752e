/* Rows of a form: the unit of what is chosen beside its figures, the running sum of a column of
   money. Both are also drawn by the server, so that they are right after saving without scripts. */
(function () {
  "use strict";
  var AMOUNT = /^\d+(\.\d{1,2})?$/;

  function showUnit(choice) {
    var chosen = choice.selectedOptions[0], found = chosen && chosen.value && /（([^（）]*)）$/.exec(chosen.text);
    choice.closest("tr").querySelectorAll("[data-row-unit]").forEach(function (place) {
      place.textContent = found ? found[1] : "";
    });
  }

  /** 分 of what is typed; what is not an amount counts as nothing, the server says what is wrong. */
  function fen(text) {
    var amount = text.normalize("NFKC").replace(/[\s,]/g, "");
    if (!AMOUNT.test(amount)) return 0n;
    var parts = amount.split(".");
    return BigInt(parts[0]) * 100n + BigInt((parts[1] || "").padEnd(2, "0"));
  }

  function yuan(sum) {
    var cents = String(sum % 100n).padStart(2, "0");
    return String(sum / 100n).replace(/\B(?=(\d{3})+$)/g, ",") + (cents === "00" ? "" : "." + cents.replace(/0$/, ""));
  }

  function showSum(control) {
    var box = control.closest(".field"), sum = 0n;
    box.querySelectorAll("[data-summed]").forEach(function (one) { sum += fen(one.value); });
    box.querySelector("[data-rows-total]").textContent = yuan(sum);
  }

  document.addEventListener("input", function (event) {
    if (event.target.hasAttribute && event.target.hasAttribute("data-summed")) showSum(event.target);
  });
  document.addEventListener("change", function (event) {
    if (event.target.hasAttribute && event.target.hasAttribute("data-unit-from")) showUnit(event.target);
  });
  // A browser may have put back what was typed before.
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("select[data-unit-from]").forEach(showUnit);
    document.querySelectorAll(".rows-table").forEach(function (table) {
      var first = table.querySelector("[data-summed]");
      if (first) showSum(first);
    });
  });
})();
