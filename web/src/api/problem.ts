// What the server says when it refuses (RFC 9457), and the words for when it cannot be reached at all.
import type { Problem } from './types'

/** A refusal, or a failure on the way, in words for the person at the screen. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail || problem.title)
    this.name = 'ProblemError'
  }
  /** The stable code of the refusal. */
  get code() {
    return this.problem.code
  }
  get status() {
    return this.problem.status
  }
  get detail() {
    return this.message
  }
  get errors() {
    return this.problem.errors
  }
}

function local(code: string, status: number, title: string, detail: string) {
  return new ProblemError({ type: 'about:blank', title, status, code, detail, errors: [] })
}

/** The network failed: for a change it stays open whether it arrived. */
export function unreachable(writes: boolean) {
  return writes
    ? local('offline', 0, '没有连上服务器', '没有连上服务器，这次操作可能没有写入。您填的内容还在：请检查网络，刷新核对后再提交。')
    : local('offline', 0, '没有连上服务器', '没有连上服务器，请检查网络后重试。')
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body
}

/** The refusal of a response, also when something before the server (a proxy) answered in its own words. */
export function refusal(status: number, body: unknown) {
  if (isProblem(body)) return new ProblemError({ ...body, errors: body.errors ?? [] })
  if (status === 413) return local('too_large', status, '文件过大', '文件超过了允许的大小，请拆分或压缩后再上传。')
  if (status === 429) return local('too_many', status, '操作过于频繁', '操作过于频繁，请稍等一分钟再试。')
  return local('unavailable', status, '服务暂时不可用', '服务暂时不可用，请稍后重试；如果一直这样，请联系系统管理员。')
}

/** Any thrown value as a refusal that can be shown. */
export function asProblem(thrown: unknown) {
  if (thrown instanceof ProblemError) return thrown
  console.error(thrown)
  return local('unexpected', 0, '页面出现问题', '页面出现问题，请刷新后重试。')
}

/** The refusals by field: pointer "/fields/name" is found under both "fields/name" and "name". */
export function fieldErrors(problem: ProblemError | null): Record<string, string> {
  const found: Record<string, string> = {}
  for (const { pointer, message } of problem?.errors ?? []) {
    const path = pointer.replace(/^#?\//, '')
    for (const key of [path, path.split('/').pop() ?? path]) {
      found[key] ??= message
    }
  }
  return found
}
