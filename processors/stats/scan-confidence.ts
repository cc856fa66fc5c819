/** How sure a scan is, by the packets it took (spec detections.md section 10): 0.3 without any, 1 beyond ten. */
export function scanConfidence(packets: number): number {
  if (packets > 10) return 1
  return packets <= 0 ? 0.3 : packets / 10
}
