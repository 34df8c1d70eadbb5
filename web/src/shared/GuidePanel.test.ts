import { describe, expect, it } from 'vitest'
import { open, readable } from '@/testing/open'
import { problem, serve } from '@/testing/server'
import GuidePanel from './GuidePanel.vue'

const GUIDE = {
  activity: 'theme_day', name: '主题党日', rule: 'MEET-05', what: '相对固定的一天。', who: '党支部组织。', when: '每月 1 次。',
  steps: ['年初定好主题'], papers: ['活动方案', '签到表'], mistakes: ['没有补学安排'],
}

describe('GuidePanel', () => {
  it('says what is done, by whom, when, with which papers, and what goes wrong', async () => {
    serve({ 'GET /api/guide/theme_day': GUIDE })
    await open(GuidePanel, { props: { activity: 'theme_day', open: true } })
    for (const words of ['相对固定的一天。', '党支部组织。', '每月 1 次。', '年初定好主题', '活动方案、签到表', '没有补学安排']) expect(readable()).toContain(words)
  })

  it('shows the words it is given without asking for them', async () => {
    const asked = serve({})
    await open(GuidePanel, { props: { guide: { ...GUIDE, what: '书面申请。' }, open: true } })
    expect(readable()).toContain('书面申请。')
    expect(asked).toHaveLength(0)
  })

  it('stays away where there is nothing to say', async () => {
    serve({ 'GET /api/guide/own': problem(404, 'not_found', '没有。') })
    await open(GuidePanel, { props: { activity: 'own' } })
    expect(readable()).not.toContain('怎么办')
  })
})
