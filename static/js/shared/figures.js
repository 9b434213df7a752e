/* Figures as people type them, read as the server reads them (lab/web/typed/numbers.py): full-width
   signs and separators of thousands where they belong, nothing else. */
import { trimBlanks } from "./text.js";

const FULL_WIDTH = /[０-９．，－＋]/g, WIDTH = "０".charCodeAt(0) - "0".charCodeAt(0);
const GROUPED = /^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$/;
const DECIMAL = /^([+-]?)(?:(\d{1,18})(?:\.(\d*))?|\.(\d+))$/;

/** The number in a text as a fraction of whole numbers, {top, bottom}; null when it is none. */
export function readFigure(text = "") {
  const plain = trimBlanks(text).replace(FULL_WIDTH, (sign) => String.fromCharCode(sign.charCodeAt(0) - WIDTH));
  const figure = plain.replace("−", "-");
  const match = DECIMAL.exec(GROUPED.test(figure) ? figure.replace(/,/g, "") : figure);
  if (!match) return null;
  const [, sign, whole = "", decimals = match[4] || ""] = match;
  const top = BigInt(whole + decimals);
  return { top: sign === "-" ? -top : top, bottom: 10n ** BigInt(decimals.length) };
}

/** A number with separators, as the server shows it: 12000 is 12,000; anything else as it is. */
export function grouped(text) {
  const match = /^\s*([+-]?)(\d{4,18})(\.\d+)?\s*$/.exec(text.normalize("NFKC"));
  if (!match) return text;
  const whole = match[2].replace(/^0+(?=\d)/, "").replace(/\B(?=(\d{3})+$)/g, ",");
  return `${match[1]}${whole}${match[3] || ""}`;
}
