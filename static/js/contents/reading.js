/** Which part is being read: the last that begins above the line, the last of all at the page's end;
    -1 above the first. `tops`: the distance of each part from the top edge, in order. */
export function reading(tops, line, atEnd = false) {
  if (atEnd) return tops.length - 1;
  return tops.filter((top) => top <= line).length - 1;
}
