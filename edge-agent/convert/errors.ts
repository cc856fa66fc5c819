import { defineErrors } from '@weir/topology/kit'

export const convertErrors = defineErrors('EDGE', {
  NO_PCAP_READER: {
    says: '{path} is a packet capture, and no program that reads one is installed',
    fix: 'install Zeek (zeek.org), or Argus with its clients (on Debian and Ubuntu: apt-get install argus-server argus-client), so that `zeek`, or `argus` and `ra`, are on PATH',
  },
  NO_NFDUMP: {
    says: '{path} is an nfcapd file, and nfdump is not installed',
    fix: 'install nfdump (on Debian and Ubuntu: apt-get install nfdump), so that `nfdump` is on PATH',
  },
  CONVERTER_FAILED: {
    says: '{program} could not read {path} to its end: {reason}',
    fix: 'check that the file is whole and of the kind it begins as; {program} says more when run by hand',
  },
})
