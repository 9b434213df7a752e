/* The look that every chart has in common. Colours carry patterns, so a print in grey can be read. */

function defaults(fontFamily, animation) {
  return {
    color: ["#0b5d46", "#c8942a", "#3b78a8", "#8a5a83", "#6b7a52", "#b1553c"],
    textStyle: { fontFamily, color: "#1c2522" },
    animation,
    aria: { enabled: true, decal: { show: true }, label: { enabled: false } },
    grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, icon: "rect", itemWidth: 16, itemHeight: 10 },
    // Drawn on the canvas: boxes of HTML would need inline styles, which are refused.
    tooltip: { renderMode: "richText", confine: true },
  };
}

/** The option of a chart over the common look; what it gives as a list replaces the common part. */
export function completeOption(option, fontFamily, animation) {
  const common = defaults(fontFamily, animation), complete = { ...common, ...option };
  ["textStyle", "grid", "legend", "tooltip", "aria"].forEach((part) => {
    if (!Array.isArray(option[part])) complete[part] = { ...common[part], ...option[part] };
  });
  complete.tooltip.renderMode = "richText";
  return complete;
}
