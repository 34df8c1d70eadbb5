// A short word that something is done. Refusals are not told this way: they stand where the action was.
import { ElMessage } from 'element-plus/es/components/message/index'
import 'element-plus/es/components/message/style/css'

export function notifyDone(text: string) {
  ElMessage({ message: text, type: 'success', duration: 4000, grouping: true })
}
