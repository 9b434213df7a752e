/* Units of figures, converted as the server does (lab/web/typed/units.py). */
import { grouped, readFigure } from "./figures.js";

const SIZES = {
  "": 1n, "百": 100n, "千": 1000n, "万": 10_000n, "十万": 100_000n, "百万": 1_000_000n, "亿": 100_000_000n,
};
const WITH_SIZE = /^(十万|百万|[百千万亿])?(.*)$/;
const SPACED = /^[+-]?\d{1,3}(\s\d{3})+(\.\d+)?$/;
const WITH_UNIT = /^(¥?)\s*([+-]?[\d.,\s]*\d[\d.,]*)\s*([^\d\s.,]*)$/;

/** By how much figures in one unit are to be multiplied for another: 万元 for 元 is 10,000. Null
    where the one is no multiple of the other; no unit, or a size alone, means the other's. */
export function factorOf(from, to) {
  if (!from || from === to) return 1n;
  const [, size = "", base] = WITH_SIZE.exec(from);
  return base === "" || base === to ? SIZES[size] : null;
}

/** A figure times a factor, exactly and as it would be typed; what is no figure stays as it is. */
export function scaled(text, factor) {
  const figure = factor === 1n ? null : readFigure(text);
  if (!figure) return text;
  const top = figure.top * factor, whole = top / figure.bottom, rest = top % figure.bottom;
  const decimals = String(figure.bottom).length - 1, sign = top < 0n && whole === 0n ? "-" : "";
  const tail = rest ? `.${String(rest < 0n ? -rest : rest).padStart(decimals, "0").replace(/0+$/, "")}` : "";
  return grouped(`${sign}${whole}${tail}`);
}

/** A text as {figure, sign, own}: the figure without blanks, ¥ or "", its own unit; null for none. */
function parted(text) {
  const match = WITH_UNIT.exec(text.normalize("NFKC").replace("−", "-").trim());
  if (!match) return null;
  const [, sign, typed, own] = match, figure = SPACED.test(typed) ? typed.replace(/\s/g, "") : typed;
  const isPlain = figure === typed && !sign && !own;
  return isPlain || !readFigure(figure) ? null : { figure, sign, own };
}

/** A figure as it would be typed in `unit`: 3万元 is 30,000 in 元. What has no unit of its own, is
    no figure or cannot be converted stays as it is: the server says what is wrong. */
export function inUnit(text, unit) {
  const typed = unit ? parted(text) : null;
  if (!typed || (typed.sign && unit !== "元")) return text;
  const factor = factorOf(typed.own, unit);
  if (factor === null) return text;
  return factor === 1n ? grouped(typed.figure) : scaled(typed.figure, factor);
}

/** The unit of a control: that of its row where it has one, else the one beside it or its column's. */
export function unitOfControl(control) {
  const shown = control.parentNode.querySelector("[data-row-unit], .input-group-text");
  return (shown ? shown.textContent : control.dataset.unit || "").normalize("NFKC").replace(/\s+/g, "");
}
