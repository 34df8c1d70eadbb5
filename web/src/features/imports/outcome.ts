// What came of a run, and the one thing to do next. Pure.
import type { Schemas } from '@/api/types'
import { count } from '@/shared/format'

type Run = Schemas['Import']
export type Step = 'import' | 'mend' | 'choose' | 'open'

/** The page's sentence about the run. */
export function headline({ state, dry_run, report, file_name }: Run): string {
  if (state === 'queued') return '正在排队，马上开始'
  if (state === 'running') return dry_run ? '正在检查每一行' : '正在写入台账'
  if (state === 'failed' || !report || report.error) return `「${file_name}」没有导入`
  if (dry_run) return report.rejected ? `试过了：${count(report.accepted)} 行合格，${count(report.rejected)} 行要改` : `试过了：${count(report.accepted)} 行全部合格`
  if (!report.accepted) return `没有写入：${count(report.rejected)} 行全部退回`
  return report.rejected ? `已导入 ${count(report.accepted)} 行，退回 ${count(report.rejected)} 行` : `已导入全部 ${count(report.accepted)} 行`
}

/** The step that is offered first. */
export function nextStep({ state, dry_run, report }: Run): Step {
  if (state === 'failed' || !report || report.error || (!report.accepted && !report.rejected)) return 'choose'
  if (dry_run && report.accepted) return 'import'
  return report.rejected ? 'mend' : 'open'
}
