import { describe, expect, it, vi } from 'vitest'
import { ProblemError } from '@/api/client'
import { fill, open, press, readable, control } from '@/testing/open'
import ReasonDialog from './ReasonDialog.vue'

function dialog(perform: (reason: string) => Promise<unknown>) {
  return open(ReasonDialog, { props: { modelValue: true, title: '撤销组织', action: '撤销', what: '这个支部将不再出现在名册中。', perform } })
}

describe('ReasonDialog', () => {
  it('does nothing with a reason of less than four characters', async () => {
    const perform = vi.fn()
    await dialog(perform)
    await fill('事由', '  合并 ')
    await press('撤销')
    expect(perform).not.toHaveBeenCalled()
    expect(readable()).toContain('至少 4 个字')
  })

  it('keeps what was typed when the server refuses', async () => {
    await dialog(() => Promise.reject(new ProblemError({ type: '', title: '', status: 409, code: 'not_empty', detail: '支部里还有 3 名党员。', errors: [] })))
    await fill('事由', '项目已经结束')
    await press('撤销')
    expect(readable()).toContain('支部里还有 3 名党员。')
    expect(control('事由').value).toBe('项目已经结束')
  })

  it('hands over the trimmed reason and closes', async () => {
    const perform = vi.fn().mockResolvedValue(undefined)
    const { page } = await dialog(perform)
    await fill('事由', ' 项目已经结束 ')
    await press('撤销')
    expect(perform).toHaveBeenCalledWith('项目已经结束')
    expect(page.emitted('update:modelValue')).toEqual([[false]])
    expect(page.emitted('done')).toHaveLength(1)
  })
})
