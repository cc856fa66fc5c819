import { connectionWithoutDns } from './connection-without-dns.ts'
import { dataUpload } from './data-upload.ts'
import type { Detector } from './detector.ts'
import { dgaNxdomain } from './dga-nxdomain.ts'
import { dnsTxtEntropy } from './dns-txt-entropy.ts'
import { horizontalPortScan } from './horizontal-port-scan.ts'
import { longConnection } from './long-connection.ts'
import { portZero } from './port-zero.ts'
import { privateDnsAnswer } from './private-dns-answer.ts'
import { reconnections } from './reconnections.ts'
import { slowUpload } from './slow-upload.ts'
import { suspiciousUserAgent } from './suspicious-user-agent.ts'
import { unknownPort } from './unknown-port.ts'
import { verticalPortScan } from './vertical-port-scan.ts'

/** Every detector Weir ships, by id. */
export const detectors: readonly Detector[] = [
  connectionWithoutDns,
  dataUpload,
  dgaNxdomain,
  dnsTxtEntropy,
  horizontalPortScan,
  longConnection,
  portZero,
  privateDnsAnswer,
  reconnections,
  slowUpload,
  suspiciousUserAgent,
  unknownPort,
  verticalPortScan,
]
