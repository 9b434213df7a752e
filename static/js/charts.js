/* Charts: draws figure[data-chart] with ECharts. The table below each chart says the same. */
import { completeOption } from "./charts/option.js";

const figures = Array.from(document.querySelectorAll("figure[data-chart]"));

function draw(figure) {
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const font = getComputedStyle(document.body).fontFamily;
  const canvas = figure.querySelector("[data-canvas]");
  canvas.hidden = false;
  const chart = window.echarts.init(canvas, null, { renderer: "canvas" });
  chart.setOption(completeOption(JSON.parse(figure.dataset.chart), font, !still));
  figure.querySelector(".chart-data").removeAttribute("open");
  window.addEventListener("resize", () => { chart.resize(); });
}

if (figures.length) {
  // ECharts is no module: it leaves its functions in window.echarts.
  const library = document.createElement("script");
  library.src = figures[0].dataset.library;
  library.addEventListener("load", () => { figures.forEach(draw); });
  document.head.append(library);
}
