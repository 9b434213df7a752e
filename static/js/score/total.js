/* The running total of a score sheet: weighted mean on 0 to 100, exact, two decimals half up.
   Whole-number fractions throughout; the server computes the score that counts. */
import { readFigure } from "../shared/figures.js";

function add(a, b) { return { top: a.top * b.bottom + b.top * a.bottom, bottom: a.bottom * b.bottom }; }
function subtract(a, b) { return add(a, { top: -b.top, bottom: b.bottom }); }
function multiply(a, b) { return { top: a.top * b.top, bottom: a.bottom * b.bottom }; }
function divide(a, b) {
  const sign = b.top < 0n ? -1n : 1n;
  return { top: sign * a.top * b.bottom, bottom: sign * a.bottom * b.top };
}

/** Whether a score lies on one of the steps that lead up from the low end; any does without `step`. */
function isOnStep(typed, low, step) {
  if (step === undefined) return true;
  const steps = divide(subtract(typed, low), readFigure(step));
  return steps.top % steps.bottom === 0n;
}

/** A score's share of its scale, null when it is blank, off the scale or between two steps. */
function utility({ score, lo, hi, step, direction }) {
  const low = readFigure(lo), high = readFigure(hi), typed = readFigure(score);
  if (!low || !high || !typed || !isOnStep(typed, low, step)) return null;
  const part = direction === "cost" ? subtract(high, typed) : subtract(typed, low);
  const share = divide(part, subtract(high, low));
  return share.top < 0n || share.top > share.bottom ? null : share;
}

/** 0 to 1 as 0.00 to 100.00. */
function formatScore({ top, bottom }) {
  const hundredths = String((top * 20000n + bottom) / (bottom * 2n)).padStart(3, "0");
  return `${hundredths.slice(0, -2)}.${hundredths.slice(-2)}`;
}

/** The total of a sheet as {score, missing}. An answer has the texts `weight`, `lo`, `hi`, `step`,
    `score` ("" when blank) and the `direction`; `score` is null while `missing` counted answers are
    blank or none that the scale has, and when no answer counts. */
export function runningTotal(answers) {
  let sum = { top: 0n, bottom: 1n }, weights = { top: 0n, bottom: 1n }, missing = 0;
  answers.forEach((answer) => {
    const weight = readFigure(answer.weight);
    if (!weight || weight.top <= 0n || answer.direction === "info") return;
    const share = utility(answer);
    if (!share) {
      missing += 1;
      return;
    }
    sum = add(sum, multiply(weight, share));
    weights = add(weights, weight);
  });
  const complete = missing === 0 && weights.top > 0n;
  return { score: complete ? formatScore(divide(sum, weights)) : null, missing };
}
