import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DayClock } from './day-clock.ts'
import { parseTime } from './time.ts'

describe('the day clock', () => {
  it('reads every time as parseTime does, whatever it read before', () => {
    const times = [
      '2019/04/04 16:23:00.325010',
      '2019/04/04 23:59:59.999999',
      '2019/04/04 24:00:00.000000',
      '2019/04/04 23:59:60.000000',
      '2019/04/04 23:5a:00.000000',
      '2019/04/04 23:59:00.00000Z',
      '2019/04/04 23-59-00.000000',
      '2019/04/05 00:00:00.000001',
      '2019/02/30 00:00:00.000000',
      '2019-04-05T00:00:00.000001',
      '2019/04/05 00:00:00',
      '1970/01/01 01:00:00.000000',
      '1554394980.325010',
      '1554394980.32501000000000',
      '2101/04/05 00:00:00.000001',
      '2024-05-01T10:00:00.000001+0200',
      '2024-05-01T23:59:59.000001+0200',
      '2024-05-01T23:59:59.000001-0930',
      '2024-05-01T23:59:59.000001Z',
      '2024-05-01T23:59:59.0000014',
      '2024-05-01T23:59:59.0000019',
      '2024-05-01T23:59:59.00000+0200',
      '1970-01-01T00:30:00.000000+0100',
      '1970-01-01T01:30:00.000000+0100',
      '',
      'yesterday',
    ]
    for (const zone of [0, 120, -330]) {
      const clock = new DayClock(zone)
      for (const before of times) {
        for (const time of times) {
          clock.parse(before)
          assert.equal(clock.parse(time), parseTime(time, zone), `${time} after ${before}, zone ${zone}`)
        }
      }
    }
  })
})
