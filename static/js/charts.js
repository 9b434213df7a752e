/* Charts: draws figure[data-chart] with ECharts, loaded only when a page has one.
   Colours carry patterns, so a print in grey can be read; the table below says the same. */
(function () {
  "use strict";
  var script = document.currentScript;
  var figures = Array.from(document.querySelectorAll("figure[data-chart]"));
  if (!figures.length || !script || !script.dataset.echarts) return;

  var still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  var base = {
    color: ["#0b5d46", "#c8942a", "#3b78a8", "#8a5a83", "#6b7a52", "#b1553c"],
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: "#1c2522" },
    animation: !still,
    aria: { enabled: true, decal: { show: true }, label: { enabled: false } },
    grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, icon: "rect", itemWidth: 16, itemHeight: 10 },
    // Drawn on the canvas: boxes of HTML would need inline styles, which are refused.
    tooltip: { renderMode: "richText", confine: true }
  };

  function merged(option) {
    var all = Object.assign({}, base, option);
    ["textStyle", "grid", "legend", "tooltip", "aria"].forEach(function (part) {
      if (Array.isArray(option[part])) return;
      all[part] = Object.assign({}, base[part], option[part]);
    });
    all.tooltip.renderMode = "richText";
    return all;
  }

  function draw(figure) {
    var canvas = figure.querySelector("[data-canvas]");
    canvas.hidden = false;
    var chart = window.echarts.init(canvas, null, { renderer: "canvas" });
    chart.setOption(merged(JSON.parse(figure.dataset.chart)));
    figure.querySelector(".chart-data").removeAttribute("open");
    window.addEventListener("resize", function () { chart.resize(); });
  }

  var loader = document.createElement("script");
  loader.src = script.dataset.echarts;
  loader.addEventListener("load", function () { figures.forEach(draw); });
  document.head.append(loader);
})();
