import type { TopologyMetrics } from '@weir/topology'
import type { Log } from '@weir/topology/kit'
import type { SettingsNews } from '@weir/topology/transport'

/**
 * Logs when members of the group come to run with other settings than this process, in which they differ, and when they do not any more:
 * once for each change, however often the group says it.
 */
export function settingsTeller(
  log: Pick<Log, 'warn'>,
  { other_settings_members: gauge }: Pick<TopologyMetrics, 'other_settings_members'>,
): (news: SettingsNews) => void {
  let before = ''
  return ({ members, others, differing }) => {
    gauge.set(others)
    const now = others === 0 ? '' : JSON.stringify({ others, differing })
    if (now === before) return
    before = now
    if (others > 0) log.warn('settings-differ', { members, others, differing })
    else log.warn('settings-alike', { members })
  }
}
