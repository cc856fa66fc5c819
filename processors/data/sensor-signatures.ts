/**
 * What the categories of a sensor's rules and the names of its notices are worth. Sources: the descriptions in the classification file
 * that Suricata and Snort ship and Emerging Threats extends; the notices of Zeek's own scripts. What stands here is a judgement of ours:
 * the sensor's own priorities put breaches of policy beside malware.
 */

/** Categories of rules that tell of a host that is under somebody else's control, or of one that was just taken. */
export const graveCategories: readonly string[] = [
  'A Network Trojan was detected',
  'Malware Command and Control Activity Detected',
  'Domain Observed Used for C2 Detected',
  'Successful Credential Theft Detected',
  'Exploit Kit Activity Detected',
  'Targeted Malicious Activity was Detected',
  'Successful Administrator Privilege Gain',
  'Successful User Privilege Gain',
  'Executable code was detected',
]

/** Attempts, and what is bad without being a break-in. */
export const seriousCategories: readonly string[] = [
  'Attempted Administrator Privilege Gain',
  'Attempted User Privilege Gain',
  'Unsuccessful User Privilege Gain',
  'Web Application Attack',
  'Possible Social Engineering Attempted',
  'Crypto Currency Mining Activity Detected',
  'Attempted Denial of Service',
  'Denial of Service',
  'Detection of a Denial of Service Attack',
  'Information Leak',
  'Large Scale Information Leak',
  'A suspicious string was detected',
  'Decode of an RPC Query',
]

/** Probes, bad reputation, and what is often in order. */
export const lesserCategories: readonly string[] = [
  'Attempted Information Leak',
  'Detection of a Network Scan',
  'Misc Attack',
  'Potentially Bad Traffic',
  'Possibly Unwanted Program Detected',
  'A suspicious filename was detected',
  'An attempted login using a suspicious username was detected',
  'Attempt to login by a default username and password',
  'A client was using an unusual port',
  'Access to a potentially vulnerable web application',
  'Detection of a non-standard protocol or event',
  'Device Retrieving External IP Address Detected',
]

/** Nothing that anyone is to be blamed for. */
export const harmlessCategories: readonly string[] = [
  'Not Suspicious Traffic',
  'Unknown Traffic',
  'Generic Protocol Command Decode',
  'Generic ICMP event',
  'Misc activity',
  'A TCP connection was detected',
  'Potential Corporate Privacy Violation',
  'Inappropriate Content was Detected',
]

/** Parts of the names of notices, as the categories above. */
export const graveNotices: readonly string[] = [
  'Heartbleed::SSL_Heartbeat_Attack_Success',
  'TeamCymruMalwareHashRegistry::Match',
  'FTP::Site_Exec_Success',
  'Signatures::Multiple_Sig_Responders',
]
export const seriousNotices: readonly string[] = [
  'Intel::Notice',
  'HTTP::SQL_Injection_Attacker',
  'Heartbleed::',
  'Signatures::',
  'ATTACK::',
  'CVE_',
]
export const harmlessNotices: readonly string[] = [
  'SSL::',
  'ProtocolDetector::',
  'HTTP::SQL_Injection_Victim',
  'DNS::External_Name',
]

/** Notices that are about the sensor itself, or that detectors of their own tell of. */
export const otherNotices: readonly string[] = [
  'CaptureLoss::',
  'PacketFilter::',
  'Weird::',
  'Stats::',
  'Scan::',
  'TimestampScan',
  'ICMPAddressScan',
  'AddressMaskScan',
  'Port_Scan',
  'Address_Scan',
  'Password_Guess',
  'Bruteforcing',
  'Gateway_addr_identified',
]
