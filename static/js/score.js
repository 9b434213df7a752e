/* Live total of a score form: weighted mean on 0 to 100, exact, two decimals half up.
   Whole-number fractions throughout; the server computes the score that counts. */
(function () {
  "use strict";
  if (typeof BigInt === "undefined") return;

  /** A decimal text as [numerator, denominator], null when it is no plain number. */
  function fraction(text) {
    var match = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(String(text).normalize("NFKC").replace(/,/g, "").trim());
    if (!match) return null;
    var digits = match[3] || "";
    var whole = BigInt(match[2] + digits);
    return [match[1] === "-" ? -whole : whole, BigInt("1" + "0".repeat(digits.length))];
  }
  function add(a, b) { return [a[0] * b[1] + b[0] * a[1], a[1] * b[1]]; }
  function subtract(a, b) { return add(a, [-b[0], b[1]]); }
  function multiply(a, b) { return [a[0] * b[0], a[1] * b[1]]; }
  function divide(a, b) { return b[0] < n0() ? [-a[0] * b[1], -(a[1] * b[0])] : [a[0] * b[1], a[1] * b[0]]; }
  function n0() { return BigInt(0); }

  /** The answer of one criterion: its share of the scale, null when blank or off the scale. */
  function utility(control) {
    var lo = fraction(control.dataset.lo), hi = fraction(control.dataset.hi), x = fraction(control.value);
    if (!lo || !hi || !x) return null;
    var part = control.dataset.direction === "cost" ? subtract(hi, x) : subtract(x, lo);
    var share = divide(part, subtract(hi, lo));
    return share[0] < n0() || share[0] > share[1] ? null : share;
  }

  function halfUp(value) {
    var hundredths = (value[0] * BigInt(20000) + value[1]) / (value[1] * BigInt(2));
    var text = hundredths.toString().padStart(3, "0");
    return text.slice(0, -2) + "." + text.slice(-2);
  }

  /** One answer per criterion: the ticked radio button of a group, or the number typed. */
  function criteria(form) {
    var groups = new Map();
    form.querySelectorAll("[data-weight]").forEach(function (control) {
      var known = groups.get(control.name);
      if (!known || (control.type === "radio" && control.checked)) groups.set(control.name, control);
    });
    return Array.from(groups.values());
  }

  function refresh(form) {
    var box = form.querySelector("[data-total-box]");
    if (!box) return;
    var sum = [n0(), BigInt(1)], weights = [n0(), BigInt(1)], missing = 0;
    criteria(form).forEach(function (control) {
      var weight = fraction(control.dataset.weight);
      if (!weight || weight[0] <= n0() || control.dataset.direction === "info") return;
      var blank = control.type === "radio" && !control.checked;
      var share = blank ? null : utility(control);
      if (!share) { missing += 1; return; }
      sum = add(sum, multiply(weight, share));
      weights = add(weights, weight);
    });
    var complete = missing === 0 && weights[0] > n0();
    box.hidden = false;
    box.querySelector("[data-total-value]").textContent = complete ? halfUp(divide(sum, weights)) + " 分" : "—";
    box.querySelector("[data-total-note]").textContent = complete ? "满分100分，各项得分按权重相加" : "还有" + missing + "项未评或不在评分范围内";
  }

  document.querySelectorAll("form[data-total]").forEach(function (form) {
    form.addEventListener("input", function () { refresh(form); });
    form.addEventListener("change", function () { refresh(form); });
    refresh(form);
  });
})();
