// What can be said about a new password before it is sent; the server decides.
export const PASSWORD_HINT = '至少 10 个字符，不能只有数字，不能包含登录名。'
const MIN = 10

export function passwordFault(password: string, login = '') {
  if ([...password].length < MIN) return `密码至少 ${MIN} 个字符。`
  if (/^\d+$/.test(password)) return '密码不能只有数字。'
  const name = login.trim().toLowerCase()
  return name.length >= 3 && password.toLowerCase().includes(name) ? '密码不能包含登录名。' : ''
}

export function repeatFault(password: string, repeated: string) {
  return password === repeated ? '' : '两次输入的密码不一致。'
}
