// Notices and settings for tests. No real persons' data.
import type { Schemas } from '@/api/types'
import type { Notice } from './notice'

export function notice(part: Partial<Notice> = {}): Notice {
  const created_at = new Date(2026, 2, 5, 9, 30).getTime()
  return { id: '9', kind: 'reminder', title: '支委会还没有开', detail: '第一支部，3 月 31 日前', link: '/life?org=11', rule: 'MEET-01', created_at, unread: true, closed: false, ...part }
}

export function wishes(part: Partial<Schemas['NoticeWishes']> = {}): Schemas['NoticeWishes'] {
  return { quiet: { from: 22, to: 7 }, digest_hour: null, mail: ['overdue'], webhook: [], address: 'zhou@example.com', waiting_address: null, mail_available: true, webhook_available: false, ...part }
}

export const mailSetting: Schemas['MailSetting'] = { version: 3, host: 'smtp.example.com', port: 465, security: 'tls', user: 'dj', has_password: true, sender: 'dj@example.com', authority: null }

export function delivery(part: Partial<Schemas['Delivery']> = {}): Schemas['Delivery'] {
  return { id: '5', way: 'mail', digest: false, state: 'given_up', attempts: 8, next_at: null, error: '邮件服务器拒绝了收件地址', created_at: new Date(2026, 2, 5, 8, 0).getTime(), closed_at: 1, ...part }
}
