import { defineErrors } from '@weir/topology/kit'

export const processorsError = defineErrors('PROC', {
  BAD_SETTING: {
    says: 'the settings are wrong: {wrong}',
    fix: "Correct them in the settings file; 'weir detectors' lists every detector with its settings.",
  },
  BAD_DATA: {
    says: 'the data file {path} of {list} has wrong lines: {wrong}',
    fix: "An entry a line, such as {form}; '#' begins a comment, 'include built-in' stands for all that comes with Weir.",
  },
  BAD_WHITELIST: {
    says: 'the whitelist {path} has wrong lines: {wrong}',
    fix: 'Each line is TYPE,VALUE,DIRECTION,IGNORE and if wanted ,EXPIRES,COMMENT such as: ip,10.0.0.5,both,alerts,2030-12-31,a scanner of ours',
  },
})
