import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { ProblemError } from '@/api/client'
import FormError from './FormError.vue'

const problem = new ProblemError({ type: '', title: '', status: 422, code: 'invalid', detail: '姓名有误；学历有误', errors: [{ pointer: '/name', code: 'a', message: '姓名有误' }, { pointer: '/education', code: 'b', message: '学历有误' }] })

it('says what no field of the form shows', () => {
  expect(mount(FormError, { props: { problem, shown: ['name'] } }).findAll('li').map(one => one.text())).toEqual(['学历有误'])
})

it('does not say twice what the fields say', () => {
  expect(mount(FormError, { props: { problem, shown: ['name', 'education'] } }).text()).toBe('请改正上面标出的 2 处。')
})
