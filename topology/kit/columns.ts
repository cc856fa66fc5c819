/** The greater column with what was in the smaller one. */
export function grown<C extends Float64Array | Int32Array>(smaller: C, greater: C): C {
  greater.set(smaller)
  return greater
}
