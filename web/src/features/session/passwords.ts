// What can be said about a new password before it is sent; the server decides.
export const PASSWORD_HINT = '至少 10 个字符，不要用姓名、生日或连续数字。'
const MIN = 10

export function passwordFault(password: string) {
  return [...password].length < MIN ? `密码至少 ${MIN} 个字符。` : ''
}

export function repeatFault(password: string, repeated: string) {
  return password === repeated ? '' : '两次输入的密码不一致。'
}
