import { hours, notice, ssh, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { reportedGuessing } from './reported-guessing.ts'

const guessing = (more: Parameters<typeof notice>[0] = {}) =>
  notice({
    note: 'SSH::Password_Guessing',
    message: '10.0.0.9 appears to be guessing SSH passwords (seen in 30 connections).',
    dstIp: '10.0.0.9',
    ...more,
  })

testDetector(reportedGuessing, {
  quiet: {
    'other notices': {
      records: ['Scan::Port_Scan', 'SSH::Watched_Country_Login', ''].map((note) => notice({ note })),
    },
    'sessions that fail': { records: times(40, () => ssh({ authSuccess: false, authAttempts: 3 })) },
    'a site that has its own names': {
      config: { notes: ['Site::Guesses'], entries: ['Site::Entered'] },
      records: [guessing(), guessing({ note: 'SSH::Login_By_Password_Guesser' })],
    },
  },
  loud: {
    'once in a window, however often it is told': {
      records: times(5, (i) => guessing({ tsMs: startMs + i })),
      evidence: [{ level: 'medium', confidence: 1, victim: null, facts: { confirmedConnections: 30 } }],
    },
    'again in the next window': {
      records: [guessing({ tsMs: startMs }), guessing({ tsMs: startMs + hours(1) })],
      evidence: [{ windowStartMs: startMs }, { windowStartMs: startMs + hours(1) }],
    },
    'guesses at FTP, counted by the notice': {
      records: [
        guessing({
          note: 'FTP::Bruteforcing',
          message: '10.0.0.9 had 20 failed logins on 1 FTP server',
          count: 20,
        }),
      ],
      evidence: [{ level: 'medium', facts: { note: 'FTP::Bruteforcing', confirmedConnections: 20 } }],
    },
    'one of them was right': {
      records: [
        guessing(),
        guessing({
          note: 'SSH::Login_By_Password_Guesser',
          message: 'a guesser logged in',
          dstIp: '10.0.0.1',
        }),
      ],
      evidence: [{ level: 'medium' }, { level: 'high', facts: { confirmedConnections: 0 } }],
    },
  },
})
