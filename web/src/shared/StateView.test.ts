import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { ProblemError } from '@/api/client'
import StateView from './StateView.vue'

const error = new ProblemError({ type: '', title: '', status: 503, code: 'unavailable', detail: '服务暂时不可用。', errors: [] })
const show = (props: { loading: boolean; error?: ProblemError; empty?: boolean }) =>
  mount(StateView, { props: { emptyTitle: '还没有组织', ...props }, slots: { default: '<p>名册</p>' } })

describe('StateView', () => {
  it('shows a skeleton while there is nothing yet', () => {
    expect(show({ loading: true, empty: true }).find('[role=status]').exists()).toBe(true)
    expect(show({ loading: true }).text()).toBe('')
  })
  it('keeps what is shown while it loads again', () => {
    expect(show({ loading: true, empty: false }).text()).toBe('名册')
  })
  it('says why a list is empty', () => {
    expect(show({ loading: false, empty: true }).text()).toContain('还没有组织')
  })
  it('offers to try again after a failure', async () => {
    const view = show({ loading: false, error, empty: true })
    expect(view.text()).toContain('服务暂时不可用。')
    expect(view.text()).not.toContain('名册')
    await view.find('button, el-button').trigger('click')
    expect(view.emitted('retry')).toHaveLength(1)
  })
  it('keeps the rows it has below a failure', () => {
    expect(show({ loading: false, error, empty: false }).text()).toContain('名册')
  })
})
