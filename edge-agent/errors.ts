import { defineErrors } from '@weir/topology/kit'

/** What can be wrong with the world around the agent. Bad lines are not errors: they are counted (read/ledger.ts). */
export const edgeError = defineErrors('EDGE', {
  INPUT_NONE: {
    says: 'no input was given',
    fix: 'Name at least one file or folder, or - for standard input.',
  },
  INPUT_MISSING: {
    says: "input '{path}' does not exist",
    fix: 'Correct the path.',
  },
  INPUT_BROKEN_LINK: {
    says: "input '{path}' is a symbolic link to something that does not exist",
    fix: 'Mend the link, or name the file itself.',
  },
  INPUT_UNREADABLE: {
    says: "input '{path}' cannot be read: {why}",
    fix: 'Let this user read it (ls -l shows the owner), then run again.',
  },
  INPUT_TOO_MANY_OPEN: {
    says: "input '{path}' cannot be opened: this process may not open more files",
    fix: 'Raise the limit (ulimit -n), or read fewer logs of the same hours at once.',
  },
  INPUT_NOT_A_FILE: {
    says: "input '{path}' is a {what}",
    fix: 'Name a file, a folder or a named pipe, or - for standard input.',
  },
  INPUT_EMPTY: {
    says: "input '{path}' is empty",
    fix: 'Leave it out, or look why the sensor wrote nothing.',
  },
  INPUT_NOT_RECOGNISED: {
    says: "input '{path}' is of no kind that Weir reads{hint}",
    fix: 'If you know what wrote it, say so: --input-kind {kinds}.',
  },
  INPUT_FOLDER_NOT_RECOGNISED: {
    says: "folder '{path}' holds nothing that Weir reads ({files} files looked at)",
    fix: 'Name the folder that the sensor writes its logs to; if it is this one, say what wrote them: --input-kind {kinds}.',
  },
  INPUT_CAPTURE_COMPRESSED: {
    says: "input '{path}' is a compressed {what} capture",
    fix: 'Unpack it first: gunzip -k {path}',
  },
  INPUT_CAPTURE_STREAMED: {
    says: "input '{path}' is a {what} capture and no regular file",
    fix: 'Save it to a file and name that.',
  },
})
