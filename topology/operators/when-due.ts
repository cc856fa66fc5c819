import { WeirError } from '../kit/errors.ts'
import type { OperatorContext } from './operator.ts'

/**
 * Does what is due for a key between records. What part `by` of the step throws at it goes to the dead letters, and the key's
 * other work goes on; where nobody keeps dead letters it is thrown. So is an error of the world, such as a store that fails:
 * nothing of it is the key's fault.
 */
export function whenDue(
  context: Pick<OperatorContext<never>, 'setAside'>,
  by: string,
  due: { readonly key: string; readonly dueMs: number },
  work: () => void,
): void {
  try {
    work()
  } catch (error) {
    if (context.setAside === undefined || error instanceof WeirError) throw error
    context.setAside(by, error, due)
  }
}
