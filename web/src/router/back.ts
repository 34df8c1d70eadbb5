/** The address to return to after signing in. Only addresses of our own: a link must not lead out of the system. */
export function safeBack(back: unknown) {
  return typeof back === 'string' && /^\/(?![/\\])/.test(back) && !back.startsWith('/login') ? back : '/'
}
