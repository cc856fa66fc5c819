export { alertThreshold, detectionDefaults } from './app/config.ts'
export { type ConfiguredDetector, configure } from './app/configure.ts'
export { DetectionCounters } from './app/counters.ts'
export {
  type DataList,
  type DataListName,
  dataListNames,
  dataLists,
  isDataListName,
  readDataList,
  useDataLists,
} from './app/data-lists.ts'
export { type DetectorOptions, detectorStep, isSuppressed, type Judged } from './app/detector-operator.ts'
export { type DetectionTopics, detectionTopology } from './app/topology.ts'
export { popularDomains } from './data/popular-domains.ts'
export { type Detector, kindsOf } from './detectors/detector.ts'
export { detectors } from './detectors/registry.ts'
export { type EvidenceContext, plainContext, withContext } from './enrichment/context-facts.ts'
export { type MacVendors, MacVendorTable, noMacVendors } from './enrichment/mac-vendors.ts'
export { registeredDomainOf } from './enrichment/registered-domain.ts'
export { noWhereabouts, type Place, type Whereabouts } from './enrichment/whereabouts.ts'
export type { AccumulateOptions } from './evidence/accumulate.ts'
export { type EvidenceType, evidenceTypeNamed, evidenceTypes } from './evidence/evidence-types.ts'
export { compareLevels, isLevel, levelValue, weightUnit } from './evidence/levels.ts'
export {
  type FeedContent,
  type FeedFormat,
  type FeedOptions,
  feedFormats,
  readFeed,
} from './intel/feeds/read-feed.ts'
export { IndicatorTable } from './intel/indicator-table.ts'
export {
  feedKinds,
  indicatorKinds,
  isHashOfNothing,
  isIndicatorKind,
  parseIndicatorValue,
} from './intel/indicator-value.ts'
export { type Indicators, noIndicators, type Verdict } from './intel/indicators.ts'
export {
  keptProbe,
  noJarm,
  type Probe,
  probeTag,
  serverText,
} from './intel/kept-probe.ts'
export { isFileHash, knownGoodTag } from './intel/known-good.ts'
export { LiveIndicators } from './intel/live-indicators.ts'
export { urlVerdict } from './intel/url-verdict.ts'
export { isPublic } from './profile/address-class.ts'
export {
  type AllowText,
  allowDirections,
  allowIgnores,
  allowRuleId,
  allowTypes,
  formatAllowRule,
  parseAllowRule,
  readAllowRules,
} from './profile/allow-rule.ts'
export { suspectsDestination } from './profile/evidence-aim.ts'
export { Network, parseCidr } from './profile/network.ts'
export {
  emptyWhitelist,
  joinWhitelists,
  RuleWhitelist,
  readWhitelist,
  type Whitelist,
} from './profile/whitelist.ts'
